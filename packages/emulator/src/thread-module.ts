import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Bundles a module of the emulator and its imports as source text for a worker thread. A thread that loads TypeScript
 * through a loader takes ten times as long to start. The path is relative to the importing module. It has no extension,
 * because modules are TypeScript in the repository and JavaScript in the published package.
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
  // Node.js cannot resolve packages from evaluated text, because it has no path.
  const requireText = `require("node:module").createRequire(${JSON.stringify(path)})`;
  // Without a function, the variables of the module would be global, and the code of a function could change them.
  return `(function (require) {\n${outputFiles[0]?.text}\n})(${requireText});`;
}
