import { type Authorization, authorizationOf } from "./authorizers.ts";
import type { Resources } from "./configuration.ts";
import { type IntegrationConfig, integrationOf } from "./integrations.ts";
import { type ModelsConfig, modelsOf } from "./models.ts";
import { permissionsOf } from "./permissions.ts";
import { all } from "./search.ts";
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
