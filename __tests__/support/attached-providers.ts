import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** AWS providers for Terraform that serve several commands, one for each stack. */
export interface AttachedProviders {
  /**
   * The variables that make a Terraform command use the stack's provider. None before the first `terraform init`, and none
   * for a stack that has, or had, resources in several regions: an attached provider has only one configuration.
   */
  variablesFor(stackFolder: string): Promise<NodeJS.ProcessEnv>;
  stop(): Promise<void>;
}

/** Where `terraform init` puts the provider: a folder for the version, and one for the platform. */
const INSTALLED = ".terraform/providers/registry.terraform.io/hashicorp/aws";

/**
 * Starts the provider that `terraform init` has installed with a stack's first command. By default, each command starts one,
 * which takes half of the command's CPU time. The commands of a stack must run one after the other, because the provider
 * has the configuration of the latest one.
 * https://developer.hashicorp.com/terraform/plugin/debugging#starting-a-provider-in-debug-mode
 */
export function attachedProviders(awsUrl: string): AttachedProviders {
  const children: ChildProcess[] = [];
  const started = new Map<string, Promise<NodeJS.ProcessEnv>>();
  const withSeveralRegions = new Set<string>();

  async function start(binary: string, cwd: string): Promise<NodeJS.ProcessEnv> {
    // Terraform starts a provider in the same folder: paths of archives are relative to it.
    const env = environmentFor(awsUrl);
    const child = spawn(binary, ["-debug"], { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout })) {
      const [, value] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line) ?? [];
      if (value !== undefined) return { TF_REATTACH_PROVIDERS: value };
    }
    throw new Error(
      `${binary} ended without TF_REATTACH_PROVIDERS in its output. Run it with -debug to see its error.`,
    );
  }

  return {
    async variablesFor(stackFolder) {
      if (usesAlias(stackFolder)) withSeveralRegions.add(stackFolder);
      const binary = installedIn(stackFolder);
      if (binary === undefined || withSeveralRegions.has(stackFolder)) return {};
      const variables = started.get(stackFolder) ?? start(binary, stackFolder);
      started.set(stackFolder, variables);
      return variables;
    },
    async stop() {
      const running = children.splice(0).filter((child) => child.exitCode === null);
      await Promise.all(running.map((child) => Promise.all([once(child, "exit"), child.kill()])));
    },
  };
}

/**
 * Trap: with AWS_CA_BUNDLE, version 5 of the provider can be configured only once. The simulated AWS has no TLS.
 * The memory limit applies if garbage collection is off: several providers run at the same time, each for minutes.
 */
function environmentFor(awsUrl: string): NodeJS.ProcessEnv {
  const { AWS_CA_BUNDLE: _, ...kept } = process.env;
  return { ...kept, AWS_ENDPOINT_URL: awsUrl, GOMEMLIMIT: "600MiB" };
}

/** Terraform does not configure a provider that has no resources. */
function usesAlias(stackFolder: string): boolean {
  const stack = join(stackFolder, "cdk.tf.json");
  return existsSync(stack) && /"provider": *"aws\./.test(readFileSync(stack, "utf8"));
}

function installedIn(stackFolder: string): string | undefined {
  const folder = join(stackFolder, INSTALLED);
  if (!existsSync(folder)) return undefined;
  const [platform = ""] = readdirSync(folder).flatMap((version) =>
    readdirSync(join(folder, version)).map((name) => join(folder, version, name)),
  );
  const binary = readdirSync(platform).find((name) => name.startsWith("terraform-provider-aws"));
  return binary && join(platform, binary);
}
