import { statSync } from "node:fs";
import { join } from "node:path";
import type { ArchiveBytes } from "./code.ts";

/** Reads the sizes of the archives in the folder of a stack. An archive that does not exist has no size. */
export const archivesIn =
  (folder: string): ArchiveBytes =>
  (filename) =>
    statSync(join(folder, filename), { throwIfNoEntry: false })?.size;
