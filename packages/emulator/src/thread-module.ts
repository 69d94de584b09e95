import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Bundles a module of the emulator with the modules that it imports, as source text for a worker thread. The path of the
 * module is relative to the importing one and has no extension: it is TypeScript in the repository and JavaScript in the
 * published package. A thread that loads a TypeScript loader instead takes ten times as long to start.
 */
export function threadModule(relativePath: string, importer: string): string {
  const path = fileURLToPath(new URL(`${relativePath}${extname(importer)}`, importer));
  const { outputFiles } = buildSync({
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    packages: "external",
    logLevel: "silent",
  });
  // Evaluated text has no path from which Node.js could resolve packages.
  return `require = require("node:module").createRequire(${JSON.stringify(path)});\n${outputFiles[0]?.text}`;
}
