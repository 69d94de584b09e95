import { readFile } from "node:fs/promises";
import { join } from "node:path";

const FOLDER = "cdktf.out";

/** Synthesizes the project, and gives the folder of one of its stacks: the first when none is named. */
export async function synthesizedStack(wanted: string | undefined): Promise<string> {
  await synthesize();
  const manifest = JSON.parse(await readFile(join(FOLDER, "manifest.json"), "utf8"));
  const names = Object.keys(manifest.stacks);
  const chosen = wanted ?? names[0];
  if (chosen !== undefined && names.includes(chosen)) return join(FOLDER, "stacks", chosen);
  throw new Error(`There is no stack "${chosen}". Choose one of ${names.join(", ")}.`);
}

/** In this process, and not by the cdktf command, which takes seconds to load. */
async function synthesize(): Promise<void> {
  try {
    await import("../main.ts");
  } catch (fault) {
    throw new Error(`The stack could not be synthesized. ${(fault as Error).message}`, { cause: fault });
  }
}
