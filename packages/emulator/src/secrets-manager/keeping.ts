import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Keeping, Kept } from "./vault.ts";

/** Keeps secrets in a folder, in a file that nobody but its owner may read. In one piece, whenever the process ends. */
export function keepIn(directory: string): Keeping {
  const path = join(directory, "secrets.json");
  return {
    read: () => read(path),
    write(kept) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(`${path}.new`, JSON.stringify(kept), { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    },
  };
}

/** Never quotes what is in the file. */
function read(path: string): Kept {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`The secrets in ${path} cannot be read. Mend the file, or remove it and set the secrets again.`);
  }
}
