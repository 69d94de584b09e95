import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";

/** Unpacks a function's archive into a directory of its own, as Lambda does under `/var/task`. */
export function unpack(archivePath: string, directory: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(archivePath)))) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
