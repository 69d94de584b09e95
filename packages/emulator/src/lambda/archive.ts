import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { unzipSync } from "fflate";

/**
 * Unpacks a function's archive into its own directory, like `/var/task` in Lambda. A folder is copied, so that
 * Node.js finds no `package.json` or `node_modules` above it. Throws if the archive cannot be read.
 */
export function unpack(archivePath: string, directory: string): void {
  const stat = statSync(archivePath, { throwIfNoEntry: false });
  if (!stat) throw new Error(`The archive ${archivePath} does not exist. Build it before you start the emulator.`);
  if (stat.isDirectory()) cpSync(archivePath, directory, { recursive: true });
  else unzip(archivePath, directory);
}

/** Tells two states of an archive apart: by the content of a zip file, and by the names, sizes and times in a folder. */
export function fingerprintOf(archivePath: string): string {
  const hash = createHash("sha256");
  const stat = statSync(archivePath, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    for (const name of readdirSync(archivePath, { recursive: true, encoding: "utf8" })) {
      const { size, mtimeMs } = statSync(join(archivePath, name));
      hash.update(`${name} ${size} ${mtimeMs}\n`);
    }
  } else if (stat) hash.update(readFileSync(archivePath));
  return hash.digest("hex");
}

/** Whether an unpacked archive contains source maps of its own code, as files or within the code. */
export function hasSourceMaps(directory: string): boolean {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const own = names.filter((name) => !name.includes("node_modules"));
  return own.some((name) => name.endsWith(".map")) || own.some((name) => hasInlineMap(join(directory, name)));
}

const hasInlineMap = (path: string): boolean =>
  /\.[cm]?js$/.test(path) && readFileSync(path).includes("//# sourceMappingURL=data:");

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

/**
 * Makes the AWS SDK available to functions, because Lambda's Node.js runtimes include it. No other package can be
 * resolved from the folders of functions, so an archive that lacks a package fails here as in Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function linkRuntimePackages(directory: string): void {
  const modules = join(directory, "node_modules");
  mkdirSync(modules);
  const client = createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb/package.json");
  // A dependency of the client, not of the emulator, so it must be resolved from the client.
  const core = createRequire(client).resolve("@smithy/core/package.json");
  symlinkSync(scopeOf(client), join(modules, "@aws-sdk"), "junction");
  symlinkSync(scopeOf(core), join(modules, "@smithy"), "junction");
}

/** The folder of all packages of a scope. */
const scopeOf = (manifest: string): string => dirname(dirname(manifest));
