import type { Attributes, Resources } from "./configuration.ts";

/** A route and the function behind it. */
export interface RouteConfig {
  readonly key: string;
  readonly functionName: string;
  readonly timeoutMilliseconds: number;
  /** The selection expression and the response are both there: one alone does nothing (RR-02). */
  readonly hasRouteResponse: boolean;
}

/** Longest that API Gateway waits for an integration, and what it waits unless told less. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const INTEGRATION_MILLISECONDS_MAX = 29_000;

/** Follows each route to its integration and on to its function. */
export const routesOf = (resources: Resources): RouteConfig[] =>
  all(resources, "aws_apigatewayv2_route").map((route) => {
    const integration = the(resources, "aws_apigatewayv2_integration", {
      where: ({ id }) => route.target === `integrations/${id}`,
      for: route,
    });
    const { function_name } = the(resources, "aws_lambda_function", {
      where: ({ invoke_arn }) => invoke_arn === integration.integration_uri,
      for: route,
    });
    return {
      key: String(route.route_key),
      functionName: String(function_name),
      timeoutMilliseconds: Number(integration.timeout_milliseconds ?? INTEGRATION_MILLISECONDS_MAX),
      hasRouteResponse:
        route.route_response_selection_expression === "$default" &&
        all(resources, "aws_apigatewayv2_route_response").some(({ route_id }) => route_id === route.id),
    };
  });

const all = (resources: Resources, type: string): Attributes[] => Object.values(resources[type] ?? {});

function the(
  resources: Resources,
  type: string,
  { where, for: route }: { where: (attributes: Attributes) => boolean; for: Attributes },
): Attributes {
  const found = all(resources, type).find(where);
  if (found) return found;
  throw new Error(`The route ${route.route_key} leads to no ${type} of this stack; the emulator plays no other.`);
}
