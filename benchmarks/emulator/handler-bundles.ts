import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HANDLERS = ["connect", "echo", "identify", "broadcast"] as const;
export type Handler = (typeof HANDLERS)[number];

const directory = fileURLToPath(new URL("./handlers/", import.meta.url));

/** Bundles each handler into an ES module, by name. Both emulators run the same bytes. */
export async function bundleHandlers(): Promise<ReadonlyMap<Handler, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: HANDLERS.map((name) => join(directory, `${name}.ts`)),
    bundle: true,
    write: false,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    mainFields: ["module", "main"],
    outdir: "out",
  });
  return new Map(HANDLERS.map((name, index) => [name, outputFiles[index]?.contents as Uint8Array]));
}
