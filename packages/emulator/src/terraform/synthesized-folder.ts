import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { OnRead } from "./language/source.ts";

interface Manifest {
  readonly stacks?: Readonly<Record<string, { readonly workingDirectory?: string }>>;
}

/** The folder of the only stack, if a folder is the output of CDKTF or CDK Terrain. Returns any other folder as it is. */
export function synthesizedFolder(folder: string, onRead: OnRead): string {
  const path = join(folder, "manifest.json");
  onRead({ path: resolve(path) });
  if (!existsSync(path)) return folder;
  const { stacks = {} } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const folders = Object.values(stacks).flatMap(({ workingDirectory }) => workingDirectory ?? []);
  const [only] = folders;
  if (only === undefined) return folder;
  if (folders.length === 1) return join(folder, only);
  const choices = folders.map((each) => join(folder, each)).join(", ");
  throw new Error(`${folder} contains ${folders.length} stacks. Pass the folder of one of them: ${choices}.`);
}
