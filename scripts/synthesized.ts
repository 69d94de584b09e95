import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../infra/settings/settings.ts";
import { chooseEnvironment } from "./run-command.ts";

const FOLDER = "cdktf.out";

/** Changes the settings before the synth. */
export type ChangeSettings = (settings: Settings) => Settings;

/** Synthesizes the project and returns the folder of a stack, by default of the first environment. */
export async function synthesizedStack(name?: string, change?: ChangeSettings): Promise<string> {
  await synthesize(change);
  const manifest = JSON.parse(await readFile(join(FOLDER, "manifest.json"), "utf8"));
  const names = Object.keys(manifest.stacks);
  const chosen = name ?? (await firstStack());
  if (names.includes(chosen)) return join(FOLDER, "stacks", chosen);
  throw new Error(`There is no stack "${chosen}". Choose one of ${names.join(", ")}.`);
}

/** Runs in this process, because the cdktf command takes seconds to load. Imports late, so that an error in the settings is reported in one line. */
async function synthesize(change: ChangeSettings = (settings) => settings): Promise<void> {
  try {
    const { environments, PROJECT, STATE_BUCKET } = await import("../infra/environments.ts");
    const { synthesize } = await import("../infra/synthesize.ts");
    await synthesize(change({ project: PROJECT, environments, stateBucket: STATE_BUCKET }), async (folder) => {
      const { buildWeb } = await import("./build-web.ts");
      await buildWeb(folder);
    });
  } catch (fault) {
    throw new Error(`The stack could not be synthesized. ${(fault as Error).message}`, { cause: fault });
  }
}

/** The first one in the settings. cdktf sorts stacks by name. Imports late, because the synth reports errors in the settings better. */
async function firstStack(): Promise<string> {
  const { environments } = await import("../infra/environments.ts");
  const { stackName } = await import("../infra/names.ts");
  return stackName(chooseEnvironment(undefined, environments));
}
