import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The folder that `npm run build:web` writes. */
const OUTPUT = join(ROOT, "web", "dist");

/**
 * Builds the page into a folder: `index.html`, and files in `assets/` whose names have a hash of their content. The same
 * sources give the same bytes. Replaces what is in the folder.
 */
export async function buildWeb(outDir: string): Promise<void> {
  // Loads in half a second, which `npm start` spends only when it has nothing else to do.
  const { build } = await import("vite");
  const { NODE_ENV } = process.env;
  // Trap: Vite sets NODE_ENV for the whole process, which also has the emulator or the tests.
  await build({
    root: join(ROOT, "web"),
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: "error",
    resolve: { conditions: ["@serverless-chat/source", "module", "browser"] },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      // The content security policy allows no inline content.
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
    },
  }).finally(() => {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await rm(OUTPUT, { recursive: true, force: true });
  await buildWeb(OUTPUT);
  console.log(`The page is in ${OUTPUT}`);
}
