import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AwsProvider, type AwsProviderDefaultTags } from "@cdktf/provider-aws/lib/provider/index.js";
import {
  type App,
  LocalBackend,
  S3Backend,
  TerraformElement,
  TerraformResource,
  type TerraformResourceLifecycle,
  type TerraformStack,
} from "cdktf";
import { PROJECT } from "./environments.ts";
import type { FunctionRuntime, StateBucket } from "./settings/settings.ts";
import { withDefaults } from "./settings/tags.ts";

/**
 * For each runtime of the functions, the versions of the AWS provider that accept it. Older ones fail in `terraform plan`
 * with a list of runtimes; with this range, `terraform init` already names the version that is needed. Otherwise, the
 * Terraform must be valid for every version in the range: tests apply it with the oldest and the newest.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md#6210-november-13-2025
 */
const PROVIDER_VERSIONS: Readonly<Record<FunctionRuntime, string>> = {
  "nodejs22.x": ">= 5.100.0, < 7.0.0",
  "nodejs24.x": ">= 6.21.0, < 7.0.0",
};

export const DEFAULT_RUNTIME: FunctionRuntime = "nodejs22.x";

export interface AwsProviderProps {
  readonly region: string;
  /** Tags of every resource that supports tags. They replace `project` and `environment` of the same name. */
  readonly tags: Readonly<Record<string, string>>;
  readonly environmentName?: string | undefined;
  /** The runtime of the stack's functions. */
  readonly runtime?: FunctionRuntime | undefined;
}

export function useAwsProvider(stack: TerraformStack, { region, runtime, ...own }: AwsProviderProps): void {
  new AwsProvider(stack, "aws", { region, defaultTags: defaultTags(own) });
  stack.addOverride("terraform.required_providers.aws.version", PROVIDER_VERSIONS[runtime ?? DEFAULT_RUNTIME]);
}

/** A provider for the same account in another region, for resources that refer to it explicitly. */
export const aliasedProvider = (stack: TerraformStack, { region, ...own }: AwsProviderProps): AwsProvider =>
  new AwsProvider(stack, `aws-${region}`, { alias: region, region, defaultTags: defaultTags(own) });

function defaultTags({
  tags,
  environmentName,
}: Omit<AwsProviderProps, "region" | "runtime">): AwsProviderDefaultTags[] {
  const defaults = { ...(environmentName !== undefined && { environment: environmentName }), project: PROJECT };
  return [{ tags: withDefaults(defaults, tags) }];
}

/** The path is relative to `cdktf.out/stacks/<stack>`: by default, cdktf writes an absolute path of this machine into the Terraform. */
export function keepStateInProject(stack: TerraformStack): void {
  new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
}

/** The lock is an object beside the state in the bucket, so no DynamoDB table is needed. */
export function keepStateIn({ name, region }: StateBucket, stack: TerraformStack): void {
  new S3Backend(stack, { bucket: name, region, key: `${stack.node.id}.tfstate`, encrypt: true });
  // cdktf does not know this setting. https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}

/**
 * For a resource that a setting can remove while a remaining resource refers to it. By default, Terraform deletes the resource
 * first. AWS then rejects the deletion (an authorizer in a route), or the remaining resource is broken until it is updated (a
 * secret without its key). With this lifecycle, Terraform updates the remaining resource first. Terraform also applies it to
 * every resource that this one refers to.
 *
 * Terraform stores the order in the state, so it must be applied once before the setting changes. Trap: a resource with a
 * fixed name must not be replaced under the same name, because both exist for a moment. The resources that use this are
 * replaced only if their name or the API's id changes.
 * https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const CREATE_BEFORE_DESTROY: TerraformResourceLifecycle = { createBeforeDestroy: true };

/**
 * Makes synth fail if two elements of a stack have the same Terraform id.
 * Trap: cdktf merges such elements without an error, and the last one wins.
 */
export function refuseDuplicateIds(stack: TerraformStack): void {
  stack.node.addValidation({ validate: () => duplicateIds(stack) });
}

function duplicateIds(stack: TerraformStack): string[] {
  const pathsOf = new Map<string, string[]>();
  for (const element of stack.node.findAll().filter(TerraformElement.isTerraformElement)) {
    const paths = pathsOf.get(address(element)) ?? [];
    pathsOf.set(address(element), [...paths, element.node.path]);
  }
  return [...pathsOf].filter(([, paths]) => paths.length > 1).map(sentence);
}

const address = (element: TerraformElement): string => {
  const type = TerraformResource.isTerraformResource(element)
    ? element.terraformResourceType
    : element.constructor.name;
  return `${type}.${element.friendlyUniqueId}`;
};

const sentence = ([address, paths]: [string, string[]]): string =>
  `The Terraform id ${address} is used by ${paths.join(" and ")}; each id must be unique. Rename one of them.`;

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
