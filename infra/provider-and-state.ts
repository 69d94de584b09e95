import { AwsProvider, type AwsProviderDefaultTags } from "@cdktf/provider-aws/lib/provider/index.js";
import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import { PROJECT } from "./environments.ts";
import type { StateBucket } from "./settings/settings.ts";
import { withDefaults } from "./settings/tags.ts";

/** The Terraform must be valid for every version in this range. Tests apply it with the oldest and the newest. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";

export interface AwsProviderProps {
  readonly region: string;
  /** Tags of every resource that supports tags. They replace `project` and `environment` of the same name. */
  readonly tags: Readonly<Record<string, string>>;
  readonly environmentName?: string | undefined;
}

export function useAwsProvider(stack: TerraformStack, { region, tags, environmentName }: AwsProviderProps): void {
  new AwsProvider(stack, "aws", { region, defaultTags: defaultTags({ tags, environmentName }) });
  stack.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS);
}

/** A provider for the same account in another region, for resources that refer to it explicitly. */
export const aliasedProvider = (stack: TerraformStack, { region, ...own }: AwsProviderProps): AwsProvider =>
  new AwsProvider(stack, `aws-${region}`, { alias: region, region, defaultTags: defaultTags(own) });

function defaultTags({ tags, environmentName }: Omit<AwsProviderProps, "region">): AwsProviderDefaultTags[] {
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
