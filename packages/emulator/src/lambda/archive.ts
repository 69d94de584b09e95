import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { unzipSync } from "fflate";

/**
 * Unpacks a function's archive into a directory of its own, like `/var/task` in Lambda. A folder is copied, so that
 * Node.js finds no `package.json` or `node_modules` above it. Throws if the archive cannot be read.
 */
export function unpack(archivePath: string, directory: string): void {
  const stat = statSync(archivePath, { throwIfNoEntry: false });
  if (!stat) throw new Error(`The archive ${archivePath} does not exist. Build it before you start the emulator.`);
  if (stat.isDirectory()) cpSync(archivePath, directory, { recursive: true });
  else unzip(archivePath, directory);
}

function unzip(archivePath: string, directory: string): void {
  for (const [name, content] of Object.entries(readZip(archivePath))) {
    const path = resolve(directory, name);
    if (!path.startsWith(resolve(directory) + sep)) {
      throw new Error(`The archive ${archivePath} contains "${name}", a path outside the archive. Remove that entry.`);
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
    throw new Error(`The archive ${archivePath} is neither a zip file nor a folder: ${cause.message}.`, { cause });
  }
}
