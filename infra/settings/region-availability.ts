import { partitionOf } from "../../aws/partition.ts";
import type { Environment } from "./settings.ts";

/** A setting whose AWS service does not exist in the environment's region, and the remedy; undefined if all exist. */
export function unavailableIn({ region, authentication, domain }: Environment): string | undefined {
  const { name: partition } = partitionOf(region);
  // https://docs.amazonaws.cn/en_us/aws/latest/userguide/cognito.html
  if (partition === "aws-cn" && authentication.kind === "cognito") {
    return `the authentication "cognito", but Amazon Cognito has no user pools in ${region}. Use "jwt" with an issuer of your own`;
  }
  // https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-r53.html
  if (partition === "aws-us-gov" && domain) {
    return `a domain, but Amazon Route 53 has no public hosted zones in ${region}. Remove domain, and create the domain name manually`;
  }
  return undefined;
}
