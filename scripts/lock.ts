import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PROVIDER_LOCK } from "../infra/terraform.ts";
import { runCommand } from "./run-command.ts";
import { synthesizedStack } from "./synthesized.ts";
import { terraform } from "./terraform.ts";

const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

const HELP = `Locks the newest allowed AWS provider in infra/provider-lock.hcl, with checksums for every platform.

  npm run lock -- [flags]

  --mirror DIR      uses the provider mirror in DIR instead of the public registry
  --platform NAME   locks for this platform only; can be repeated (${PLATFORMS.join(", ")})
  --help            this text`;

const FLAGS = {
  mirror: { type: "string" },
  platform: { type: "string", multiple: true, default: PLATFORMS },
  help: { type: "boolean", default: false },
} as const;

await runCommand(async () => {
  const { values } = parseArgs({ options: FLAGS });
  if (values.help) return console.log(HELP);
  // All stacks have the same provider, so any stack will do.
  const stack = await synthesizedStack();
  const lock = join(stack, ".terraform.lock.hcl");
  // With a lock file, Terraform would keep the locked version.
  await rm(lock, { force: true });
  const from = values.mirror === undefined ? [] : [`-fs-mirror=${values.mirror}`];
  await terraform(stack, ["providers", "lock", ...from, ...values.platform.map((name) => `-platform=${name}`)]);
  await copyFile(lock, PROVIDER_LOCK);
  console.log(`infra/provider-lock.hcl is written for ${values.platform.join(", ")}. Commit it.`);
});
