import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Attributes, block, StackError } from "../configuration.ts";
import { isTerraformFile, type ModuleFiles, readModule } from "./files.ts";
import type { ModuleTree } from "./module.ts";
import type { OnRead } from "./source.ts";

/** Modules call each other at most this deep, so that a module that calls itself is found. */
const DEPTH_MAX = 20;

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
  const tree = await read(files, { root, installed: installedIn(root, onRead), key: [], faults, onRead });
  return { tree, faults };
}

interface Reading {
  readonly root: string;
  readonly installed: Installed;
  /** The names of the calls that lead to the module. */
  readonly key: readonly string[];
  readonly faults: string[];
  readonly onRead: OnRead;
}

async function read(files: ModuleFiles, reading: Reading): Promise<ModuleTree> {
  const calls: Record<string, ModuleTree> = {};
  for (const [name, body] of Object.entries(files.module)) {
    const key = [...reading.key, name];
    const folder = folderOf(body, files, { ...reading, key });
    const called = folder === undefined ? undefined : await readCalled(folder, { ...reading, key });
    if (called) calls[name] = await read(called, { ...reading, key });
  }
  return { files, calls };
}

async function readCalled(folder: string, { key, faults }: Reading): Promise<ModuleFiles | undefined> {
  try {
    if (key.length > DEPTH_MAX)
      throw new Error(`The modules ${key.slice(0, 3).join(", ")}, … call each other without end.`);
    return await readModule(folder);
  } catch (fault) {
    faults.push(...(fault instanceof StackError ? fault.reasons : [(fault as Error).message]));
    return undefined;
  }
}

/** The folder of a called module. Adds a fault if there is none. */
function folderOf(
  { source }: Attributes,
  files: ModuleFiles,
  { root, installed, key, faults, onRead }: Reading,
): string | undefined {
  const address = `module.${key.join(".module.")}`;
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
  const { Modules: modules = [] } = JSON.parse(readFileSync(path, "utf8")) as { Modules?: Attributes[] };
  return { folders: new Map(modules.map((each) => [String(block(each).Key), String(block(each).Dir)])) };
}
