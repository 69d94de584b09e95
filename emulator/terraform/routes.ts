import { type Authorization, authorizationOf } from "./authorizers.ts";
import type { Attributes, Resources } from "./configuration.ts";
import { type ModelsConfig, modelsOf } from "./models.ts";
import { type Permissions, permissionsOf, permits } from "./permissions.ts";
import { all, the } from "./search.ts";
import type { StageConfig } from "./stage.ts";

/** A route and what is behind it. */
export interface RouteConfig {
  readonly key: string;
  /** The selection expression and the response are both there: one alone does nothing (RR-02). */
  readonly hasRouteResponse: boolean;
  readonly authorization: Authorization;
  readonly models: ModelsConfig | undefined;
  /** Only `$connect` may go without (HS-11). */
  readonly integration: IntegrationConfig | undefined;
}

export interface IntegrationConfig {
  readonly functionName: string;
  readonly timeoutMilliseconds: number;
  /** What API Gateway calls the function for. */
  readonly sourceArn: string;
  /** Whether the function permits that (HS-25). */
  readonly mayInvoke: boolean;
}

/** What API Gateway waits for an integration. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const INTEGRATION_MILLISECONDS = { min: 50, max: 29_000 };

/** Follows each route to its integration and on to its function. */
export function routesOf(resources: Resources, stage: StageConfig): RouteConfig[] {
  const permissions = permissionsOf(resources);
  return all(resources, "aws_apigatewayv2_route").map((route) => ({
    key: String(route.route_key),
    hasRouteResponse:
      route.route_response_selection_expression === "$default" &&
      all(resources, "aws_apigatewayv2_route_response").some(({ route_id }) => route_id === route.id),
    authorization: authorizationOf(route, resources, permissions),
    models: modelsOf(route, resources),
    integration: integrationOf(route, { resources, stage, permissions }),
  }));
}

interface Surroundings {
  readonly resources: Resources;
  readonly stage: StageConfig;
  readonly permissions: Permissions;
}

function integrationOf(
  route: Attributes,
  { resources, stage, permissions }: Surroundings,
): IntegrationConfig | undefined {
  if (route.target === undefined && route.route_key === "$connect") return undefined;
  const from = `The route ${route.route_key}`;
  const target = ({ id }: Attributes) => route.target === `integrations/${id}`;
  const integration = the(resources, "aws_apigatewayv2_integration", { where: target, from });
  if (integration.integration_type !== "AWS_PROXY") throw notPlayed(from, integration);
  const uri = withStageVariables(String(integration.integration_uri), stage);
  const behind = ({ invoke_arn }: Attributes) => invoke_arn === uri;
  const functionName = String(the(resources, "aws_lambda_function", { where: behind, from }).function_name);
  const sourceArn = `${stage.executionArn}/${route.route_key}`;
  return {
    functionName,
    sourceArn,
    timeoutMilliseconds: timeoutOf(integration, from),
    mayInvoke: permits(permissions, { functionName, sourceArn }),
  };
}

const notPlayed = (from: string, { integration_type }: Attributes): Error =>
  new Error(`${from} has an integration of type ${integration_type}; the emulator plays AWS_PROXY.`);

/** IN-04. */
function timeoutOf({ timeout_milliseconds }: Attributes, from: string): number {
  const { min, max } = INTEGRATION_MILLISECONDS;
  const timeout = Number(timeout_milliseconds ?? max);
  if (timeout >= min && timeout <= max) return timeout;
  throw new Error(`${from} waits ${timeout} ms for its integration; API Gateway allows ${min} to ${max}.`);
}

const withStageVariables = (uri: string, { variables }: StageConfig): string =>
  uri.replaceAll(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => variables[name] ?? "");
