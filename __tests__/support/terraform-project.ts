import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { AttachedProviders } from "./attached-providers.ts";
import { ROOT } from "./project-copy.ts";
import { NODE_FLAGS } from "./terminal.ts";

/** The exit code and the output of a command. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** CDKTF's command. `npm run use-cdktn` changes which of the two is installed. */
const BIN = join(ROOT, "node_modules/.bin");
const CDKTF = join(BIN, existsSync(join(BIN, "cdktn")) ? "cdktn" : "cdktf");

/** A copy of the project, whose Terraform is applied to a simulated AWS. */
export interface TerraformProject {
  readonly folder: string;
  /** The folder of a stack's synthesized Terraform. */
  stackFolder(stack: string): string;
  synthesize(): Promise<Outcome>;
  terraform(stack: string, ...args: string[]): Promise<Outcome>;
  cdktf(stack: string, ...args: string[]): Promise<Outcome>;
  /** Runs a script of the project, without npm. */
  script(name: string, ...args: string[]): Promise<Outcome>;
}

/** Where Terraform sends its requests, and the providers that send them. Default: a new provider for each command. */
interface SimulatedAws {
  readonly url: string;
  readonly providers?: AttachedProviders;
}

/** Runs Terraform in a folder, with a simulated AWS. */
export function terraformIn(folder: string, { url, providers }: SimulatedAws): (...args: string[]) => Promise<Outcome> {
  const env = { ...process.env, AWS_ENDPOINT_URL: url, CHECKPOINT_DISABLE: "1" };
  return async (...args) => {
    // Only without an attached provider, `init` checks and installs the provider.
    const attached = args[0] === "init" ? {} : await providers?.variablesFor(folder);
    return run("terraform", args, { cwd: folder, env: { ...env, ...attached } });
  };
}

/** Removes the provider lock, because another version of the provider may be installed here. */
export function terraformProject(folder: string, aws: SimulatedAws): TerraformProject {
  rmSync(join(folder, "infra", "provider-lock.hcl"), { force: true });
  const env = { ...process.env, AWS_ENDPOINT_URL: aws.url, CI: "true", CHECKPOINT_DISABLE: "1" };
  const stackFolder = (stack: string): string => join(folder, "cdktf.out", "stacks", stack);
  const node = (...args: string[]) => run(process.execPath, [...NODE_FLAGS, ...args], { cwd: folder, env });
  return {
    folder,
    stackFolder,
    synthesize: () => node("main.ts"),
    terraform: (stack, ...args) => terraformIn(stackFolder(stack), aws)(...args),
    // The lock requires the public registry, even if there is a mirror.
    async cdktf(stack, ...args) {
      const attached = await aws.providers?.variablesFor(stackFolder(stack));
      return run(CDKTF, [...args, stack, "--skip-provider-lock"], { cwd: folder, env: { ...env, ...attached } });
    },
    script: (name, ...args) => node(`scripts/${name}.ts`, ...args),
  };
}

/** Returns the output of a command. Fails if its exit code is not 0. */
export async function succeeds(running: Promise<Outcome>): Promise<string> {
  const { code, output } = await running;
  expect(code, output).to.equal(0);
  return output;
}

/** Plans a stack, and expects an empty plan. */
export const changesNothing = (project: TerraformProject, stack: string): Promise<string> =>
  succeeds(project.terraform(stack, "plan", "-detailed-exitcode", "-input=false", "-no-color"));

async function run(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 26 });
    return { code: 0, output: stdout + stderr };
  } catch (fault) {
    const { code, stdout, stderr } = fault as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}
