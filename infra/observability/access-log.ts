import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account/index.js";
import type { Apigatewayv2StageAccessLogSettings } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Construct } from "constructs";
import { partitionOf } from "../../aws/partition.ts";
import { PROJECT } from "../environments.ts";
import { accessLogGroupName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { CREATE_BEFORE_DESTROY } from "../terraform.ts";

/**
 * The fields of a line. They contain no IP address and no user agent. All are strings, because a missing value is `-`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
const FIELDS = {
  requestId: "requestId",
  connectionId: "connectionId",
  eventType: "eventType",
  route: "routeKey",
  status: "status",
  error: "error.message",
  /** The status that the function returned. */
  functionStatus: "integration.status",
  /** The status that Lambda returned. */
  integrationStatus: "integrationStatus",
  integrationError: "integration.error",
  latencyMs: "integrationLatency",
  requestTimeMs: "requestTimeEpoch",
};

/** Writes a JSON line for each handshake, frame and disconnect. */
export class AccessLog extends Construct {
  readonly settings: Apigatewayv2StageAccessLogSettings;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: accessLogGroupName(environment),
      retentionInDays: environment.logRetentionDays,
      lifecycle: CREATE_BEFORE_DESTROY,
    });
    withId(logGroup, id);
    this.settings = { destinationArn: logGroup.arn, format: FORMAT };
  }
}

const FORMAT = JSON.stringify(
  Object.fromEntries(Object.entries(FIELDS).map(([field, variable]) => [field, `$context.${variable}`])),
);

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
