import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Bundles a TypeScript module for a worker thread, which may import Node's own modules and nothing else by name.
 * A thread that would load a TypeScript loader first takes ten times as long to start.
 */
export function threadModule(source: URL): URL {
  const options = { bundle: true, write: false, platform: "node", format: "esm" } as const;
  const { outputFiles } = buildSync({ ...options, entryPoints: [fileURLToPath(source)] });
  return new URL(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
}
