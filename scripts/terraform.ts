import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The terraform command in the folder of a synthesized stack. Its complaints go to this terminal as they are. */
export interface Terraform {
  /** Gives what it prints. Throws, with the remedy, where it fails or is not there. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** Gives the plan as `terraform show -json` has it, which holds every secret of the stack: it is not for printing. */
  plan(...args: readonly string[]): Promise<string>;
}

const OUTPUT_BYTES_MAX = 2 ** 28;

/** What to look at when a command of terraform fails. */
const REMEDIES: Readonly<Record<string, string>> = {
  init: "It fetches the providers and opens the state: look at the network, and at who may read the state.",
  plan: "It reads the state and AWS: look at the AWS credentials in the environment, and at the region.",
};

export function terraformIn(folder: string, env: NodeJS.ProcessEnv = process.env): Terraform {
  async function run(command: string, ...args: readonly string[]): Promise<string> {
    try {
      const plainly = process.stderr.isTTY ? [] : ["-no-color"];
      const running = promisify(execFile)("terraform", [command, ...plainly, ...args], {
        cwd: folder,
        env: { ...env, TF_IN_AUTOMATION: "true" },
        maxBuffer: OUTPUT_BYTES_MAX,
      });
      running.child.stderr?.pipe(process.stderr, { end: false });
      return (await running).stdout;
    } catch (fault) {
      throw new Error(explained(fault as NodeJS.ErrnoException, command), { cause: fault });
    }
  }

  /** Without a lock, which who only reviews may not write; and not into the stack's folder, where others could read it. */
  async function plan(...args: readonly string[]): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "plan-"));
    const file = join(directory, "plan");
    try {
      await run("plan", "-input=false", "-lock=false", `-out=${file}`, ...args);
      return await run("show", "-json", file);
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  return { run, plan };
}

function explained({ code }: NodeJS.ErrnoException, command: string): string {
  if (code === "ENOENT") {
    return "terraform is not on the PATH. Install it: https://developer.hashicorp.com/terraform/install";
  }
  return `terraform ${command} failed; what it says is above. ${REMEDIES[command] ?? ""}`.trimEnd();
}
