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
