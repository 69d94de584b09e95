import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { Construct } from "constructs";
import { awsName, withId } from "./names.ts";
import type { Environment } from "./settings.ts";

/** AWS's own, and no narrower: API Gateway refuses a role that lacks any of it. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const PUSH_TO_LOGS = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";

/**
 * The right to write logs, for every API of the account in this region, which has one such role or none. Without it AWS
 * refuses a stage with an access log.
 */
export class ApiGatewayLogsRole extends Construct {
  /** What a stage with an access log has to wait for. */
  readonly account: ApiGatewayAccount;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: awsName(environment, id),
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    withId(role, id);
    const attachment = new IamRolePolicyAttachment(this, "policy", { role: role.name, policyArn: PUSH_TO_LOGS });
    withId(attachment, id);
    this.account = new ApiGatewayAccount(this, "account", { cloudwatchRoleArn: role.arn, dependsOn: [attachment] });
    withId(this.account, id);
  }
}
