import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { ROOT } from "./project-copy.ts";

/** The files of the repository that exist, and that Git does not ignore. */
export const FILES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(ROOT, file)));

export const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** The specifiers of all imports, types included. */
export const importsOf = (file: string): string[] =>
  [...read(file).matchAll(/(?<![-\w])(?:from|import|import\()\s*"([^"\s]+)"/g)].map(([, specifier = ""]) => specifier);

/** The files of this repository that a file imports. */
export const filesImportedBy = (file: string): string[] =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(file), specifier)));

/** The imports of a module, as paths of other modules. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Finds a cycle of imports for each module that closes one. A cycle starts and ends with the same module. */
export function importCycles(imports: Imports): string[][] {
  const finished = new Set<string>();
  const cycles: string[][] = [];
  function visit(module: string, path: readonly string[]): void {
    if (path.includes(module)) cycles.push([...path.slice(path.indexOf(module)), module]);
    if (finished.has(module) || path.includes(module)) return;
    for (const imported of imports.get(module) ?? []) visit(imported, [...path, module]);
    finished.add(module);
  }
  for (const module of imports.keys()) visit(module, []);
  return cycles;
}
