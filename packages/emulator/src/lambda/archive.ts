import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { unzipSync } from "fflate";

/**
 * Unpacks a function's archive into a directory of its own, as Lambda does under `/var/task`. A folder is copied, so
 * that no `package.json` or `node_modules` above it is found. Throws, naming it, at an archive it cannot read.
 */
export function unpack(archivePath: string, directory: string): void {
  const stat = statSync(archivePath, { throwIfNoEntry: false });
  if (!stat) throw new Error(`The archive ${archivePath} is not there. Build it before you play the stack.`);
  if (stat.isDirectory()) cpSync(archivePath, directory, { recursive: true });
  else unzip(archivePath, directory);
}

function unzip(archivePath: string, directory: string): void {
  for (const [name, content] of Object.entries(readZip(archivePath))) {
    const path = resolve(directory, name);
    if (!path.startsWith(resolve(directory) + sep)) {
      throw new Error(`The archive ${archivePath} holds "${name}", which leads out of it. Remove that entry.`);
    }
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(path, content);
  }
}

function readZip(archivePath: string): Record<string, Uint8Array> {
  try {
    return unzipSync(readFileSync(archivePath));
  } catch (fault) {
    const cause = fault as Error;
    throw new Error(`The archive ${archivePath} is neither a zip nor a folder: ${cause.message}.`, { cause });
  }
}
