import { type Attributes, block, blocks, onlyResource, type Resources } from "./configuration.ts";

/** The API and its only stage. */
export interface StageConfig {
  readonly apiId: string;
  readonly name: string;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>`, in front of a route key or `/POST/@connections/…`. */
  readonly executionArn: string;
  readonly routeSelectionExpression: string;
  /** A stage without a deployment responds to every handshake with a 403 (rule HS-30 in docs/api-gateway-rules.md). */
  readonly isDeployed: boolean;
  /** If false, clients can reach the API only at its custom domain (HS-06). */
  readonly isEndpointEnabled: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** The limits of routes without their own; undefined if the stage sets no default. */
  readonly throttle: ThrottleConfig | undefined;
  readonly routeThrottles: Readonly<Record<string, ThrottleConfig>>;
  readonly accessLog: AccessLogConfig | undefined;
}

export interface ThrottleConfig {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

export interface AccessLogConfig {
  /** The name of the log group. */
  readonly destination: string;
  readonly format: string;
}

export function stageOf(resources: Resources): StageConfig {
  const api = onlyResource(resources, "aws_apigatewayv2_api");
  const stage = onlyResource(resources, "aws_apigatewayv2_stage");
  const routeSettings = blocks(stage.route_settings).map((each) => [String(each.route_key), throttleOf(each)]);
  return {
    apiId: String(api.id),
    name: String(stage.name),
    executionArn: String(stage.execution_arn),
    routeSelectionExpression: String(api.route_selection_expression),
    isDeployed: stage.auto_deploy === true || stage.deployment_id !== undefined,
    isEndpointEnabled: api.disable_execute_api_endpoint !== true,
    variables: block(stage.stage_variables) as Record<string, string>,
    throttle: blocks(stage.default_route_settings).map(throttleOf)[0],
    routeThrottles: Object.fromEntries(routeSettings),
    accessLog: accessLogOf(stage),
  };
}

/** Trap: the provider sends 0 for a missing number, and 0 rejects every request (TF-08). */
const throttleOf = (settings: Attributes): ThrottleConfig => ({
  requestsPerSecond: Number(settings.throttling_rate_limit ?? 0),
  burst: Number(settings.throttling_burst_limit ?? 0),
});

function accessLogOf(stage: Attributes): AccessLogConfig | undefined {
  const [settings] = blocks(stage.access_log_settings);
  if (!settings) return undefined;
  const format = String(settings.format);
  const [, destination = ""] = /:log-group:([^:]+)/.exec(String(settings.destination_arn)) ?? [];
  return { destination, format };
}
