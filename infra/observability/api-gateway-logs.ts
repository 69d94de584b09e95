import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Construct } from "constructs";
import { partitionOf } from "../../aws/partition.ts";
import { PROJECT } from "../environments.ts";
import { withId } from "../names.ts";

export interface ApiGatewayLogsProps {
  /** The provider of each region in which an environment has an access log. */
  readonly providers: ReadonlyMap<string, AwsProvider>;
}

/**
 * Lets API Gateway write logs, for every API of the account in some regions. Without it, AWS refuses a stage with an access
 * log. An account has one such role per region. It belongs to no environment, because destroying that environment would
 * remove the role for all others. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class ApiGatewayLogs extends Construct {
  constructor(scope: Construct, id: string, { providers }: ApiGatewayLogsProps) {
    super(scope, id);
    const role = this.#createRole();
    const attachment = new IamRolePolicyAttachment(this, "policy", {
      role: role.name,
      policyArn: this.#policyArn([...providers.keys()]),
    });
    withId(attachment, id);
    for (const [region, provider] of providers) {
      const account = new ApiGatewayAccount(this, region, {
        cloudwatchRoleArn: role.arn,
        provider,
        dependsOn: [attachment],
      });
      withId(account, region);
    }
  }

  #createRole(): IamRole {
    const role = new IamRole(this, "role", {
      name: `${PROJECT}-${this.node.id}`,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    return withId(role, this.node.id);
  }

  /** AWS's own policy: API Gateway refuses a role that lacks any of its actions. */
  #policyArn(regions: readonly string[]): string {
    const [partition, ...others] = new Set(regions.map((region) => partitionOf(region).name));
    if (others.length === 0) {
      return `arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`;
    }
    throw new Error(
      `Environments with accessLog are in ${regions.join(" and ")}, which are in different AWS partitions and so in different accounts. One bootstrap stack serves one account: move the environments of each partition to a separate project.`,
    );
  }
}
