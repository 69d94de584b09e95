import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../infra/settings/settings.ts";
import { chooseEnvironment } from "./run-command.ts";

const FOLDER = "cdktf.out";

export interface SynthesizedOptions {
  /** Changes the settings before the synth. */
  readonly change?: (settings: Settings) => Settings;
  /** A folder for a Terraform without archives, for functions that run from other code; default: `cdktf.out`. */
  readonly withoutArchives?: string | undefined;
}

/** Synthesizes the project and returns the folder of a stack, by default of the first environment. */
export async function synthesizedStack(name?: string, options: SynthesizedOptions = {}): Promise<string> {
  await synthesize(options);
  const { withoutArchives: folder = FOLDER } = options;
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const names = Object.keys(manifest.stacks);
  const chosen = name ?? (await firstStack());
  if (names.includes(chosen)) return join(folder, "stacks", chosen);
  throw new Error(`There is no stack "${chosen}". Choose one of ${names.join(", ")}.`);
}

/** Runs in this process, because the cdktf command takes seconds to load. Imports late, so that an error in the settings is reported in one line. */
async function synthesize({ change = (settings) => settings, withoutArchives }: SynthesizedOptions): Promise<void> {
  try {
    const { environments, PROJECT, STATE_BUCKET } = await import("../infra/environments.ts");
    const { synthesize } = await import("../infra/synthesize.ts");
    const { placeholderBundles } = await import("../infra/bundle.ts");
    await synthesize(change({ project: PROJECT, environments, stateBucket: STATE_BUCKET }), {
      async buildWebsite(folder) {
        const { buildWeb } = await import("./build-web.ts");
        await buildWeb(folder);
      },
      ...(withoutArchives !== undefined && { folder: withoutArchives, bundle: placeholderBundles }),
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
