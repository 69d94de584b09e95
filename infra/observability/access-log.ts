import type { Apigatewayv2StageAccessLogSettings } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { Construct } from "constructs";
import { REMOVED_AFTER_ITS_USERS } from "../constructs/removal-order.ts";
import { accessLogGroupName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";

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
      lifecycle: REMOVED_AFTER_ITS_USERS,
    });
    withId(logGroup, id);
    this.settings = { destinationArn: logGroup.arn, format: FORMAT };
  }
}

const FORMAT = JSON.stringify(
  Object.fromEntries(Object.entries(FIELDS).map(([field, variable]) => [field, `$context.${variable}`])),
);
