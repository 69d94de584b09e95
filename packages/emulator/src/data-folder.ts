import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "./boundary.ts";

/** The sizes of all files when the emulator stopped. Missing while it runs, and after it was killed. */
const INVENTORY = "files.json";

/** All that the emulator writes into the folder. */
const OWN_NAMES = ["dynamodb", "secrets.json", "secrets.json.new", "connections.jsonl", INVENTORY];

type Sizes = Readonly<Record<string, number>>;

/**
 * Creates the folder in which tables and secrets persist, or checks that it is complete. LevelDB silently drops what a
 * truncated file lacks, and starts with empty tables if a file is missing. Only the owner can read the folder.
 */
export function openDataFolder(directory: string): void {
  createFolder(directory);
  // A folder that also contains other files keeps its permissions.
  const isOwn = readdirSync(directory).every((name) => OWN_NAMES.includes(name));
  for (const folder of [...(isOwn ? [directory] : []), join(directory, "dynamodb")]) chmodSync(folder, 0o700);
  checkFiles(directory);
}

function createFolder(directory: string): void {
  try {
    mkdirSync(join(directory, "dynamodb"), { recursive: true, mode: 0o700 });
  } catch (fault) {
    const message = `The data folder ${directory} cannot be created: ${reasonOf(fault)}. Pass a folder that you can write to with --data.`;
    throw new Error(message, { cause: fault });
  }
}

/**
 * Must be called when this process has locked the folder, because its files change from now on. Returns the function
 * that must be called after they are closed.
 */
export function startInventory(directory: string): () => void {
  const path = join(directory, INVENTORY);
  rmSync(path, { force: true });
  return () => writeFileSync(path, JSON.stringify(sizesIn(directory)), { mode: 0o600 });
}

function checkFiles(directory: string): void {
  const found = sizesIn(directory);
  for (const [name, size] of Object.entries(readInventory(directory))) {
    if (found[name] === undefined) throw incomplete(directory, `The file ${name} is missing.`);
    if (found[name] < size) {
      throw incomplete(
        directory,
        `The file ${name} has ${found[name]} bytes, and had ${size} when the emulator stopped.`,
      );
    }
  }
  const hasTables = Object.keys(found).some((name) => /\.(ldb|log)$/.test(name));
  if (hasTables && found["dynamodb/CURRENT"] === undefined) {
    throw incomplete(directory, "The file dynamodb/CURRENT is missing.");
  }
}

function readInventory(directory: string): Sizes {
  const path = join(directory, INVENTORY);
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) ?? {};
  } catch {
    throw incomplete(directory, `The file ${INVENTORY} is truncated.`);
  }
}

function sizesIn(directory: string): Sizes {
  const tables = readdirSync(join(directory, "dynamodb")).map((name) => `dynamodb/${name}`);
  const names = [...tables, "secrets.json"].filter((name) => existsSync(join(directory, name)));
  return Object.fromEntries(names.map((name) => [name, statSync(join(directory, name)).size]));
}

const incomplete = (directory: string, reason: string): Error =>
  new Error(
    `The data in ${directory} is incomplete. ${reason} Restore the folder from a copy, or delete it to start without data.`,
  );
