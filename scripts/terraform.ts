import { execFile } from "node:child_process";

/** Room for the state of a stack with hundreds of resources. */
const OUTPUT_BYTES_MAX = 2 ** 26;

/** Runs Terraform in the folder of a stack, and gives what it printed. Throws what Terraform says was wrong. */
export const terraform = (stackDirectory: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const all = [`-chdir=${stackDirectory}`, ...args, "-no-color"];
    execFile("terraform", all, { maxBuffer: OUTPUT_BYTES_MAX }, (fault, stdout, stderr) => {
      if (!fault) resolve(stdout);
      else if (fault.code === "ENOENT") reject(new Error(NOT_INSTALLED));
      else reject(new Error(`terraform ${args[0]} failed. ${stderr.trim()}`));
    });
  });

const NOT_INSTALLED = "terraform is not on the PATH. Install it: https://developer.hashicorp.com/terraform/install";
