import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { App } from "cdktf";

/** The locked version of the AWS provider, with its checksums for every platform. `npm run lock` writes the file. */
export const PROVIDER_LOCK = fileURLToPath(new URL("provider-lock.hcl", import.meta.url));

/** Makes Terraform use the locked provider in every stack. Without the file, each stack uses the newest allowed version. */
export function lockProvider({ outdir, node }: App, lock = PROVIDER_LOCK): void {
  if (!existsSync(lock)) return;
  for (const {
    node: { id },
  } of node.children) {
    copyFileSync(lock, join(outdir, "stacks", id, ".terraform.lock.hcl"));
  }
}
