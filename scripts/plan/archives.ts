import { statSync } from "node:fs";
import { join } from "node:path";
import type { ArchiveBytes } from "../../review/code.ts";

/** The sizes of a stack's archives on this disk. */
export const archivesIn =
  (folder: string): ArchiveBytes =>
  (filename) =>
    statSync(join(folder, filename), { throwIfNoEntry: false })?.size;
