import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { App } from "cdktf";

/** Which version of the AWS provider is used, with its checksums for every platform. `npm run lock` writes it. */
export const PROVIDER_LOCK = fileURLToPath(new URL("provider-lock.hcl", import.meta.url));

/** Has Terraform use the locked provider in every stack. Without the file, each stack takes the newest that is allowed. */
export function lockProvider({ outdir, node }: App): void {
  if (!existsSync(PROVIDER_LOCK)) return;
  for (const {
    node: { id },
  } of node.children) {
    copyFileSync(PROVIDER_LOCK, join(outdir, "stacks", id, ".terraform.lock.hcl"));
  }
}
