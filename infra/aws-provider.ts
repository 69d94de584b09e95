import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { TerraformStack } from "cdktf";
import { PROJECT } from "./environments.ts";
import { withDefaults } from "./settings/tags.ts";

/** What we emit is applied on both ends of this range; nothing that only one of them takes may be emitted. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";

export interface AwsProviderProps {
  readonly region: string;
  /** Tags of every resource that supports tags. They replace `project` and `environment` of the same name. */
  readonly tags: Readonly<Record<string, string>>;
  readonly environmentName?: string;
}

export function useAwsProvider(stack: TerraformStack, { region, tags, environmentName }: AwsProviderProps): void {
  const defaults = { ...(environmentName !== undefined && { environment: environmentName }), project: PROJECT };
  new AwsProvider(stack, "aws", { region, defaultTags: [{ tags: withDefaults(defaults, tags) }] });
  stack.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS);
}

/** A provider for the same account in another region, for resources that refer to it explicitly. */
export const aliasedProvider = (stack: TerraformStack, region: string): AwsProvider =>
  new AwsProvider(stack, `aws-${region}`, { alias: region, region, defaultTags: [{ tags: { project: PROJECT } }] });
