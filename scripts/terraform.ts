import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Enough for the plan of a stack with hundreds of resources. */
const OUTPUT_BYTES_MAX = 2 ** 28;

/** Common causes of a failure that Terraform's own message does not name. */
const REMEDIES: Readonly<Record<string, string>> = {
  init: "It downloads the provider and reads the state: check the network, and the permissions for the state.",
  plan: "It reads the state and AWS: check the AWS credentials in the environment, and the region.",
};

/**
 * Runs Terraform in the folder of a stack and returns its standard output. Its standard error goes to the terminal. Throws
 * if Terraform fails or is not installed, with advice.
 */
export const terraform = (stackDirectory: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const all = [`-chdir=${stackDirectory}`, ...args, "-no-color"];
    const running = execFile("terraform", all, { maxBuffer: OUTPUT_BYTES_MAX }, (fault, stdout) => {
      if (!fault) resolve(stdout);
      else reject(new Error(fault.code === "ENOENT" ? NOT_INSTALLED : failed(args[0])));
    });
    running.stderr?.pipe(process.stderr, { end: false });
  });

const NOT_INSTALLED = "terraform is not on the PATH. Install it: https://developer.hashicorp.com/terraform/install";

const failed = (command = ""): string =>
  `terraform ${command} failed; see its message above. ${REMEDIES[command] ?? ""}`.trimEnd();

/**
 * Plans a stack and returns the output of `terraform show -json`. It contains all secrets of the stack: do not print it. The
 * plan file is not written into the stack's folder for the same reason. The plan takes no lock, because a reviewer may have
 * no right to write to the state.
 */
export async function planJson(stackDirectory: string, flags: readonly string[] = []): Promise<string> {
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
