import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../infra/settings/settings.ts";
import { chooseEnvironment } from "./environment.ts";

const FOLDER = "cdktf.out";

/** Makes other settings of those that are there. */
export type Change = (settings: Settings) => Settings;

/** Synthesizes the project, and gives the folder of one of its stacks: the first environment's when none is named. */
export async function synthesizedStack(wanted?: string, change?: Change): Promise<string> {
  await synthesize(change);
  const manifest = JSON.parse(await readFile(join(FOLDER, "manifest.json"), "utf8"));
  const names = Object.keys(manifest.stacks);
  const chosen = wanted ?? (await firstStack());
  if (names.includes(chosen)) return join(FOLDER, "stacks", chosen);
  throw new Error(`There is no stack "${chosen}". Choose one of ${names.join(", ")}.`);
}

/** In this process, and not by the cdktf command, which takes seconds to load; imported here, for it may be broken. */
async function synthesize(change: Change = (settings) => settings): Promise<void> {
  try {
    const { environments, PROJECT, STATE_BUCKET } = await import("../infra/environments.ts");
    const { synthesize } = await import("../infra/synthesize.ts");
    synthesize(change({ project: PROJECT, environments, stateBucket: STATE_BUCKET }));
  } catch (fault) {
    throw new Error(`The stack could not be synthesized. ${(fault as Error).message}`, { cause: fault });
  }
}

/** Of the settings, and not of cdktf's, which sorts by name. Imported late: the synth tells better what is wrong in them. */
async function firstStack(): Promise<string> {
  const { environments } = await import("../infra/environments.ts");
  const { stackName } = await import("../infra/names.ts");
  return stackName(chooseEnvironment(undefined, environments));
}
