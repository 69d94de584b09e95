import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const SOURCES = fileURLToPath(new URL("../web", import.meta.url));

/** Builds the page into a folder. The same sources give the same bytes. */
export async function buildWeb(outDir: string): Promise<void> {
  if (!existsSync(join(SOURCES, "index.html"))) {
    throw new Error(
      "The page cannot be built: the folder web has no index.html. Restore the folder, or remove the setting website in infra/environments.ts.",
    );
  }
  await build({ root: SOURCES, build: { outDir, emptyOutDir: true }, logLevel: "error" });
}
