import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Attributes, block, StackError, type Value } from "../configuration.ts";
import { type ModuleFiles, readModule } from "./files.ts";
import type { ModuleTree } from "./module.ts";
import type { OnRead } from "./source.ts";
import { isTerraformFile } from "./source-files.ts";

interface Installed {
  /** By key: the names of the calls, joined by dots. */
  readonly folders: ReadonlyMap<string, string>;
}

/** Reads a folder and the modules that it calls. Returns the faults of modules that cannot be read. */
export async function readModuleTree(
  root: string,
  onRead: OnRead,
): Promise<{ tree: ModuleTree; faults: readonly string[] }> {
  const faults: string[] = [];
  onRead({ path: root, includes: isTerraformFile });
  const files = await readModule(root);
  const reading = {
    ...{ root, installed: installedIn(root, onRead), faults, onRead },
    ...{ key: [], callers: [realpathSync(root)] },
  };
  const tree = await read(files, reading);
  return { tree, faults };
}

interface Reading {
  readonly root: string;
  readonly installed: Installed;
  /** The names of the calls that lead to the module. */
  readonly key: readonly string[];
  /** The folder of the module and those of the modules that lead to it, without symbolic links. */
  readonly callers: readonly string[];
  readonly faults: string[];
  readonly onRead: OnRead;
}

async function read(files: ModuleFiles, reading: Reading): Promise<ModuleTree> {
  const calls: Record<string, ModuleTree> = {};
  for (const [name, body] of Object.entries(files.module)) {
    const key = [...reading.key, name];
    const folder = folderOf(body, files, { ...reading, key });
    const called = folder === undefined ? undefined : await readCalled(folder, { ...reading, key });
    if (called)
      calls[name] = await read(called, { ...reading, key, callers: [...reading.callers, realpathSync(called.folder)] });
  }
  return { files, calls };
}

async function readCalled(folder: string, { key, callers, faults }: Reading): Promise<ModuleFiles | undefined> {
  try {
    const files = await readModule(folder);
    if (!callers.includes(realpathSync(folder))) return files;
    faults.push(
      `${addressOf(key)} has the source ${folder}, which is the folder of a module that contains it. A module cannot contain itself. Remove the block, or correct its source.`,
    );
  } catch (fault) {
    faults.push(...(fault instanceof StackError ? fault.reasons : [(fault as Error).message]));
  }
  return undefined;
}

const addressOf = (key: readonly string[]): string => `module.${key.join(".module.")}`;

/** The folder of a called module. Adds a fault if there is none. */
function folderOf(
  { source }: Attributes,
  files: ModuleFiles,
  { root, installed, key, faults, onRead }: Reading,
): string | undefined {
  const address = addressOf(key);
  if (typeof source === "string" && /^\.{1,2}\//.test(source)) {
    const local = resolve(files.folder, source);
    onRead({ path: local, includes: isTerraformFile });
    if (statSync(local, { throwIfNoEntry: false })?.isDirectory()) return local;
    faults.push(`${address} has the source "${source}", but ${local} is not a folder. Correct the path.`);
    return undefined;
  }
  const folder = installed.folders.get(key.join("."));
  if (folder !== undefined) {
    onRead({ path: resolve(root, folder), includes: isTerraformFile });
    return resolve(root, folder);
  }
  faults.push(
    `${address} has the source ${JSON.stringify(source)}, which is not in this folder. The emulator does not download modules. Run terraform init in ${root}, and start the emulator again.`,
  );
  return undefined;
}

/** `terraform init` lists the modules that it downloads. */
function installedIn(root: string, onRead: OnRead): Installed {
  const path = join(root, ".terraform", "modules", "modules.json");
  onRead({ path });
  if (!existsSync(path)) return { folders: new Map() };
  const problem = (reason: string): StackError =>
    new StackError([`The file ${path}, which terraform init writes, ${reason} Run terraform init again.`]);
  const modules = modulesOf(readFileSync(path, "utf8"));
  if (modules === undefined) throw problem('is not JSON with a list "Modules".');
  const incomplete = modules.find(({ Key, Dir }) => typeof Key !== "string" || typeof Dir !== "string");
  if (incomplete) throw problem(`has a module without "Key" or "Dir": ${JSON.stringify(incomplete)}.`);
  return { folders: new Map(modules.map(({ Key, Dir }) => [String(Key), String(Dir)])) };
}

/** Undefined if the text is not what `terraform init` writes. */
function modulesOf(text: string): readonly Attributes[] | undefined {
  try {
    const { Modules: modules = [] } = JSON.parse(text) as { Modules?: Value };
    return Array.isArray(modules) ? modules.map((each) => block(each)) : undefined;
  } catch {
    return undefined;
  }
}
