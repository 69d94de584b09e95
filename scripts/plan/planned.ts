import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraform } from "../terraform.ts";

/**
 * Plans a stack, and gives the plan as `terraform show -json` has it. All secrets of the stack are in it, so it is not
 * for printing, and its file not for the stack's folder. Takes no lock: who only reviews may not write to the state.
 */
export async function planned(stackDirectory: string, flags: readonly string[] = []): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "plan-"));
  const file = join(directory, "plan");
  try {
    await terraform(stackDirectory, ["init", "-input=false"]);
    await terraform(stackDirectory, ["plan", "-input=false", "-lock=false", `-out=${file}`, ...flags]);
    return await terraform(stackDirectory, ["show", "-json", file]);
  } finally {
    await rm(directory, { recursive: true });
  }
}
