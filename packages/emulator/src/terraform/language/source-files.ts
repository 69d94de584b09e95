import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Attributes } from "../configuration.ts";

export interface ParsedFile {
  readonly name: string;
  readonly text: string;
  readonly content: Attributes;
}

/** Whether Terraform reads a file of a module, by its name. */
export const isTerraformFile = (name: string): boolean => /^[^.].*\.tf(\.json)?$/.test(name);

/** The names of the Terraform files of a folder, sorted. Folders are ignored, as in Terraform. Throws if there is none. */
export function fileNames(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${folder} is not a folder. Pass a folder that contains .tf or .tf.json files.`);
  }
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && isTerraformFile(entry.name))
    .map(({ name }) => name)
    .sort();
  const override = names.find((name) => /(^|_)override\.tf(\.json)?$/.test(name));
  if (override !== undefined) {
    throw new Error(
      `The emulator does not support override files such as ${join(folder, override)}. Move its settings into the blocks that it overrides.`,
    );
  }
  if (names.length > 0) return names;
  throw new Error(
    `The folder ${folder} contains no Terraform. Pass a folder that contains .tf or .tf.json files, or a plan in JSON.`,
  );
}

export const parseFile = async (folder: string, name: string): Promise<ParsedFile> =>
  name.endsWith(".json") ? parseJsonFile(folder, name) : parseHclFile(folder, name);

export function parseJsonFile(folder: string, name: string): ParsedFile {
  const path = join(folder, name);
  const text = readSource(path);
  try {
    return { name, text, content: JSON.parse(text, (key, value) => (key === "//" ? undefined : value)) };
  } catch (fault) {
    if (isOverflow(fault)) throw tooDeep(path, fault);
    throw new Error(`Cannot read Terraform from ${path}: ${(fault as Error).message}. Correct the file.`, {
      cause: fault,
    });
  }
}

/** To read a named pipe would wait for ever. */
function readSource(path: string): string {
  const cannot = (reason: string): Error => new Error(`Cannot read Terraform from ${path}: ${reason}`);
  try {
    if (statSync(path).isFile()) return readFileSync(path, "utf8");
  } catch (fault) {
    const { code = "", message } = fault as NodeJS.ErrnoException;
    throw cannot(LINK_FAULTS[code] ?? `${message}. Make the file readable, or remove it.`);
  }
  throw cannot("It is not a regular file. Replace it with one, or remove it.");
}

const LINK_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "It is a symbolic link to a file that does not exist. Correct or remove the link.",
  ELOOP: "It is a symbolic link that leads back to itself. Correct or remove the link.",
};

async function parseHclFile(folder: string, name: string): Promise<ParsedFile> {
  const text = readSource(join(folder, name));
  return { name, text, content: await parseHcl(join(folder, name), text) };
}

/** Loaded only for HCL, because the parser takes long to start. */
export async function parseHcl(path: string, text: string): Promise<Attributes> {
  const { parse } = await import("@cdktn/hcl2json");
  try {
    return await parse(path, text);
  } catch (fault) {
    if (isOverflow(fault)) throw tooDeep(path, fault);
    throw new Error(`Cannot read Terraform: ${syntaxFault(fault)} Correct the file.`, { cause: fault });
  }
}

const isOverflow = (fault: unknown): boolean => String(fault).includes("Maximum call stack size exceeded");

const tooDeep = (path: string, cause: unknown): Error =>
  new Error(`Cannot read Terraform from ${path}, because its blocks or expressions are nested too deeply.`, { cause });

/**
 * The parser reports `parse config: [main.tf:4,33-5,1: Invalid block definition; A sentence.]`. Only the first fault counts:
 * the others are usually its consequences.
 */
function syntaxFault(fault: unknown): string {
  const message = String((fault as Error).message ?? fault);
  const [, file, line, problem] =
    /\[(.*?):(\d+),\d+-[\d,]+: ([\s\S]*?)(?=\s+\1:\d+,|,? and \d+ other|\]?$)/.exec(message) ?? [];
  return file === undefined ? message : `${file}:${line}: ${problem}`;
}
