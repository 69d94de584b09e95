import { join } from "node:path";
import { type Attributes, block, blocks, type Resources, StackError } from "../configuration.ts";
import { fileNames, type ParsedFile, parseFile, parseJsonFile } from "./source-files.ts";

/** Where a block is in the files of a module. */
export interface SourcePlace {
  readonly file: string;
  /** Undefined in JSON syntax. */
  readonly line: number | undefined;
}

type Named = Readonly<Record<string, Attributes>>;

/** The blocks of all files of a folder. Expressions are templates in strings, as in Terraform's JSON syntax. */
export interface ModuleFiles {
  readonly folder: string;
  readonly resource: Resources;
  readonly data: Resources;
  readonly variable: Named;
  readonly output: Named;
  readonly module: Named;
  readonly locals: Attributes;
  /** The configurations of each provider. */
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;
  /** By address in the module, such as `aws_iam_role.connect`, `var.name` or `local.tags`. */
  readonly places: ReadonlyMap<string, SourcePlace>;
}

/** Reads a folder with any number of `.tf` and `.tf.json` files. Rejects with the fault of each file. */
export async function readModule(folder: string): Promise<ModuleFiles> {
  const parsed = await Promise.allSettled(fileNames(folder).map((name) => parseFile(folder, name)));
  const faults = parsed.flatMap((each) => (each.status === "rejected" ? [(each.reason as Error).message] : []));
  if (faults.length > 0) throw new StackError(faults);
  return moduleOf(
    folder,
    parsed.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])),
  );
}

/** Reads a folder whose files all have JSON syntax. Throws if one of them does not. */
export function readJsonModule(folder: string): ModuleFiles {
  const names = fileNames(folder);
  const other = names.find((name) => !name.endsWith(".json"));
  if (other !== undefined) {
    throw new Error(
      `The file ${join(folder, other)} is not in JSON syntax. Pass a folder of Terraform in JSON syntax.`,
    );
  }
  return moduleOf(
    folder,
    names.map((name) => parseJsonFile(folder, name)),
  );
}

/** Blocks that do not affect the emulation. */
const IGNORED_BLOCKS = ["terraform", "moved", "removed", "import", "check"];

const LABELED_BLOCKS = ["variable", "output", "module"] as const;

function moduleOf(folder: string, files: readonly ParsedFile[]): ModuleFiles {
  const all = files.flatMap(({ content }) => blocks(content));
  for (const { name, content } of files) requireKnownBlocks(join(folder, name), content);
  const named = (kind: string): Named =>
    merge(
      all.flatMap((content) => blocks(content[kind]) as readonly Named[]),
      PREFIXES[kind] ?? `${kind}.`,
    );
  const merged = (kind: string): Resources => {
    const entries = all.flatMap((content) => blocks(content[kind])).flatMap((ofType) => Object.entries(ofType));
    const types = [...new Set(entries.map(([type]) => type))];
    const ofType = (type: string) =>
      entries.filter(([each]) => each === type).flatMap(([, byName]) => blocks(byName) as readonly Named[]);
    return Object.fromEntries(types.map((type) => [type, merge(ofType(type), `${PREFIXES[kind]}${type}.`)]));
  };
  const [variable, output, module] = LABELED_BLOCKS.map(named) as [Named, Named, Named];
  const providers = all.flatMap((content) => blocks(content.provider)).flatMap((each) => Object.entries(each));
  return {
    folder,
    resource: merged("resource"),
    data: merged("data"),
    ...{ variable, output, module },
    locals: Object.assign({}, ...all.flatMap((content) => blocks(content.locals))),
    provider: Object.fromEntries(
      [...new Set(providers.map(([name]) => name))].map((name) => [
        name,
        providers.filter(([each]) => each === name).flatMap(([, configurations]) => blocks(configurations)),
      ]),
    ),
    places: new Map(files.flatMap(placesIn)),
  };
}

function requireKnownBlocks(path: string, content: Attributes): void {
  const known = ["resource", "data", "locals", "provider", ...LABELED_BLOCKS, ...IGNORED_BLOCKS];
  const unknown = blocks(content)
    .flatMap((each) => Object.keys(each))
    .find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new Error(
    `The emulator does not support the block "${unknown}" in ${path}. It supports ${known.join(", ")}. Declare the resources in these blocks.`,
  );
}

/** Merges blocks of the same kind. An attribute that is null is absent. Throws if two blocks have the same name. */
function merge(all: readonly Named[], prefix: string): Named {
  const found: Record<string, Attributes> = {};
  for (const [name, bodies] of all.flatMap((each) => Object.entries(each))) {
    if (Object.hasOwn(found, name) || blocks(bodies).length > 1) {
      throw new Error(`${prefix}${name} is declared twice. Rename or remove one.`);
    }
    const attributes = Object.entries(block(bodies));
    // The default of a variable can be null.
    found[name] = Object.fromEntries(attributes.filter(([, value]) => value !== null || prefix === "var."));
  }
  return found;
}

const PREFIXES: Readonly<Record<string, string>> = { resource: "", data: "data.", variable: "var." };

function placesIn({ name: file, text, content }: ParsedFile): [string, SourcePlace][] {
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

const addressesIn = (content: Attributes): string[] =>
  blocks(content).flatMap((each) => [
    ...Object.entries(block(each.resource)).flatMap(([type, ofType]) =>
      Object.keys(block(ofType)).map((name) => `${type}.${name}`),
    ),
    ...Object.entries(block(each.data)).flatMap(([type, ofType]) =>
      Object.keys(block(ofType)).map((name) => `data.${type}.${name}`),
    ),
    ...Object.keys(block(each.locals)).map((name) => `local.${name}`),
    ...Object.keys(block(each.output)).map((name) => `output.${name}`),
    ...Object.keys(block(each.module)).map((name) => `module.${name}`),
  ]);
