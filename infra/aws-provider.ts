import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { TerraformStack } from "cdktf";
import { PROJECT } from "./environments.ts";

/** What we emit is applied on both ends of this range; nothing that only one of them takes may be emitted. */
const AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0";

export interface AwsProviderProps {
  readonly region: string;
  /** On everything that takes tags, beside `project`. */
  readonly tags: Readonly<Record<string, string>>;
}

export function useAwsProvider(stack: TerraformStack, { region, tags }: AwsProviderProps): void {
  new AwsProvider(stack, "aws", { region, defaultTags: [{ tags: { ...tags, project: PROJECT } }] });
  stack.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS);
}

/** The same account in a region of its own, for resources that name this provider. */
export const aliasedProvider = (stack: TerraformStack, region: string): AwsProvider =>
  new AwsProvider(stack, `aws-${region}`, { alias: region, region, defaultTags: [{ tags: { project: PROJECT } }] });
