import type { Role } from "../iam/principal.ts";
import { type Authorization, authorizationOf } from "./authorizers.ts";
import { type Attributes, block, type Resources, readEach, relatedResource, resourcesOfType } from "./configuration.ts";
import { permissionsOf } from "./functions.ts";
import { type IntegrationConfig, integrationOf } from "./integrations.ts";
import type { StageConfig } from "./stage.ts";

/** The models that validate the messages of a route. https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html */
export interface ModelsConfig {
  /** Selects the key of the model that validates a message. */
  readonly selectionExpression: string;
  /** JSON Schemas, draft 4, by key. */
  readonly schemas: Readonly<Record<string, object>>;
}

/** A route with its authorization, models and integration. */
export interface RouteConfig {
  readonly key: string;
  /**
   * True only with a selection expression and a route response: either alone has no effect (rule RR-02 in
   * docs/api-gateway-rules.md).
   */
  readonly hasRouteResponse: boolean;
  readonly authorization: Authorization;
  readonly models: ModelsConfig | undefined;
  /** Undefined only for a `$connect` without an integration (HS-11). */
  readonly integration: IntegrationConfig | undefined;
}

export function routesOf(resources: Resources, stage: StageConfig, roles: ReadonlyMap<string, Role>): RouteConfig[] {
  const permissions = permissionsOf(resources, roles);
  return readEach(resourcesOfType(resources, "aws_apigatewayv2_route"), (route) => ({
    key: String(route.route_key),
    hasRouteResponse:
      route.route_response_selection_expression === "$default" &&
      resourcesOfType(resources, "aws_apigatewayv2_route_response").some(({ route_id }) => route_id === route.id),
    authorization: authorizationOf(route, resources, permissions),
    models: modelsOf(route, resources),
    integration: integrationOf(route, { resources, stage, permissions }),
  }));
}

export function modelsOf(route: Attributes, resources: Resources): ModelsConfig | undefined {
  if (route.model_selection_expression === undefined) return undefined;
  const models = Object.entries(block(route.request_models));
  const schemas = models.map(([key, name]) => [key, schemaOf(String(name), route, resources)]);
  return { selectionExpression: String(route.model_selection_expression), schemas: Object.fromEntries(schemas) };
}

function schemaOf(name: string, route: Attributes, resources: Resources): object {
  const from = `The route ${route.route_key}`;
  const model = relatedResource(resources, "aws_apigatewayv2_model", { where: (each) => each.name === name, from });
  try {
    return JSON.parse(String(model.schema));
  } catch (fault) {
    throw new Error(`The schema of the model ${name} is not valid JSON: ${(fault as Error).message}`, { cause: fault });
  }
}
