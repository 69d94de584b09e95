import { type Attributes, blocks, type Value } from "../configuration.ts";
import type { ParsedFile } from "./source-files.ts";

/** Where a block is in the files of a module. */
export interface SourcePlace {
  readonly file: string;
  /** Undefined in JSON syntax. */
  readonly line: number | undefined;
}

export const LABELED_BLOCKS = ["variable", "output", "module"] as const;

/** What precedes a name in an address, if it is not the kind of the block. */
export const PREFIXES: Readonly<Record<string, string>> = { resource: "", data: "data.", variable: "var." };

export function placesIn({ name: file, text, content }: ParsedFile): [string, SourcePlace][] {
  if (file.endsWith(".json")) return addressesIn(content).map((address) => [address, { file, line: undefined }]);
  let isInLocals = false;
  return text.split("\n").flatMap((line, index): [string, SourcePlace][] => {
    isInLocals = /^locals\b/.test(line) || (isInLocals && !/^\S/.test(line));
    const address = isInLocals ? localIn(line) : blockIn(line);
    return address === undefined ? [] : [[address, { file, line: index + 1 }]];
  });
}

const localIn = (line: string): string | undefined => /^ {1,4}([\w-]+)\s*=/.exec(line)?.[1]?.replace(/^/, "local.");

/** The address of the block that begins in a line. */
function blockIn(line: string): string | undefined {
  const [, kind = "", ...labels] =
    /^\s*(resource|data|variable|output|module)\s+"?([\w-]+)"?(?:\s+"?([\w-]+)"?)?\s*\{/.exec(line) ?? [];
  return kind === "" ? undefined : `${PREFIXES[kind] ?? `${kind}.`}${labels.filter(Boolean).join(".")}`;
}

/** The address of each block and local value, as often as it is declared. */
const addressesIn = (content: Attributes): string[] =>
  blocks(content).flatMap((each) => [
    ...addressesOfTypes(each.resource, ""),
    ...addressesOfTypes(each.data, "data."),
    ...blocks(each.locals).flatMap((locals) => Object.keys(locals).map((name) => `local.${name}`)),
    ...LABELED_BLOCKS.flatMap((kind) => addressesOf(each[kind], PREFIXES[kind] ?? `${kind}.`)),
  ]);

const addressesOfTypes = (value: Value | undefined, prefix: string): string[] =>
  blocks(value).flatMap((byType) =>
    Object.entries(byType).flatMap(([type, byName]) => addressesOf(byName, `${prefix}${type}.`)),
  );

const addressesOf = (value: Value | undefined, prefix: string): string[] =>
  blocks(value).flatMap((byName) =>
    Object.entries(byName).flatMap(([name, bodies]) => blocks(bodies).map(() => `${prefix}${name}`)),
  );

/** A sentence for each address and each provider configuration that is declared more than once. */
export function duplicatesIn(folder: string, files: readonly ParsedFile[]): string[] {
  const all = files.flatMap(({ content }) => addressesIn(content));
  const counts = countsOf(all);
  const providers = duplicateProviders(folder, files);
  if (counts.size === all.length) return providers;
  const places = files.map(placesByAddress);
  const duplicates = [...counts].filter(([, count]) => count > 1);
  return [
    ...duplicates.map(([address, count]) => {
      const times = count === 2 ? "twice" : `${count} times`;
      const where = places.flatMap((inFile) => inFile.get(address) ?? []).join(", ");
      return `${address} is declared ${times} in ${folder}: ${where}. Rename or remove all but one.`;
    }),
    ...providers,
  ];
}

const countsOf = (addresses: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
};

/** The file, with the lines if all of them are known. */
function placesByAddress(file: ParsedFile): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, string[]>();
  for (const [address, { line }] of placesIn(file)) {
    if (line !== undefined) lines.set(address, [...(lines.get(address) ?? []), `${file.name}:${line}`]);
  }
  const counts = countsOf(addressesIn(file.content));
  return new Map(
    [...counts].map(([address, count]) => {
      const known = lines.get(address) ?? [];
      return [address, known.length === count ? known : [file.name]];
    }),
  );
}

/** https://developer.hashicorp.com/terraform/language/providers/configuration#alias-multiple-provider-configurations */
function duplicateProviders(folder: string, files: readonly ParsedFile[]): string[] {
  const all = files.flatMap((file) => providersIn(file).map((key) => ({ key, file: file.name })));
  return [...new Set(all.map(({ key }) => key))].flatMap((key) => {
    const found = all.filter((each) => each.key === key);
    const where = [...new Set(found.map(({ file }) => file))].join(", ");
    return found.length === 1
      ? []
      : [`${key} has ${found.length} configurations in ${folder}: in ${where}. Set another "alias" in all but one.`];
  });
}

const providersIn = ({ content }: ParsedFile): string[] =>
  blocks(content)
    .flatMap(({ provider }) => blocks(provider))
    .flatMap((byName) => Object.entries(byName))
    .flatMap(([name, bodies]) =>
      blocks(bodies).map(({ alias = null }) =>
        alias === null ? `The provider "${name}" without an alias` : `The provider "${name}" with the alias "${alias}"`,
      ),
    );
