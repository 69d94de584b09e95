import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { StateBucket } from "./settings/settings.ts";

/** Relative, from `cdktf.out/stacks/<stack>`: cdktf would write this machine's absolute path into the Terraform. */
export function keepStateBesideTheProject(stack: TerraformStack): void {
  new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
}

/** Whoever changes the stack holds a lock, which is an object beside the state: no table is needed for it. */
export function keepStateIn({ name, region }: StateBucket, stack: TerraformStack): void {
  new S3Backend(stack, { bucket: name, region, key: `${stack.node.id}.tfstate`, encrypt: true });
  // cdktf is older than this setting. https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
