import { join } from "node:path";
import { type Attributes, block, blocks, type Resources, StackError } from "../configuration.ts";
import { duplicatesIn, LABELED_BLOCKS, PREFIXES, placesIn, type SourcePlace } from "./declarations.ts";
import { fileNames, type ParsedFile, parseFile, parseJsonFile } from "./source-files.ts";

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

function moduleOf(folder: string, files: readonly ParsedFile[]): ModuleFiles {
  const duplicates = duplicatesIn(folder, files);
  if (duplicates.length > 0) throw new StackError(duplicates);
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

/** Merges blocks of the same kind. An attribute that is null is absent. */
function merge(all: readonly Named[], prefix: string): Named {
  const found: Record<string, Attributes> = {};
  for (const [name, bodies] of all.flatMap((each) => Object.entries(each))) {
    const attributes = Object.entries(block(bodies));
    // The default of a variable can be null.
    found[name] = Object.fromEntries(attributes.filter(([, value]) => value !== null || prefix === "var."));
  }
  return found;
}
