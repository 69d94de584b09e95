import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PROVIDER_LOCK } from "../infra/provider-lock.ts";
import { runCommand } from "./run-command.ts";
import { synthesizedStack } from "./synthesized.ts";
import { terraform } from "./terraform.ts";

const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

const HELP = `Locks the newest AWS provider that is allowed, with its checksums for every platform, in infra/provider-lock.hcl.

  npm run lock -- [flags]

  --mirror DIR      looks for the provider in DIR, and not in the public registry
  --platform NAME   locks for this platform alone; may be given again (${PLATFORMS.join(", ")})
  --help            this text`;

const FLAGS = {
  mirror: { type: "string" },
  platform: { type: "string", multiple: true, default: PLATFORMS },
  help: { type: "boolean", default: false },
} as const;

await runCommand(async () => {
  const { values } = parseArgs({ options: FLAGS });
  if (values.help) return console.log(HELP);
  // Any stack will do: all have the same provider.
  const stack = await synthesizedStack();
  const lock = join(stack, ".terraform.lock.hcl");
  // What is locked would stay locked.
  await rm(lock, { force: true });
  const from = values.mirror === undefined ? [] : [`-fs-mirror=${values.mirror}`];
  await terraform(stack, ["providers", "lock", ...from, ...values.platform.map((name) => `-platform=${name}`)]);
  await copyFile(lock, PROVIDER_LOCK);
  console.log(`Locked in infra/provider-lock.hcl, for ${values.platform.join(", ")}. Commit it.`);
});
