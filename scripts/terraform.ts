import { execFile } from "node:child_process";

/** Room for the plan of a stack with hundreds of resources. */
const OUTPUT_BYTES_MAX = 2 ** 28;

/** What to look at when a command fails, and Terraform's own words do not say it. */
const REMEDIES: Readonly<Record<string, string>> = {
  init: "It fetches the provider and opens the state: look at the network, and at who may read the state.",
  plan: "It reads the state and AWS: look at the AWS credentials in the environment, and at the region.",
};

/**
 * Runs Terraform in the folder of a stack, and gives what it printed. What it complains of goes to this terminal as it
 * is. Throws, with the remedy, where it fails or is not there.
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
  `terraform ${command} failed; what it says is above. ${REMEDIES[command] ?? ""}`.trimEnd();
