import { type Attributes, block, type Resources } from "./configuration.ts";
import { the } from "./search.ts";

/** What the messages of a route must look like. https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html */
export interface ModelsConfig {
  /** Gives the key of the model for a message. */
  readonly selectionExpression: string;
  /** JSON Schemas, draft 4, by key. */
  readonly schemas: Readonly<Record<string, object>>;
}

export function modelsOf(route: Attributes, resources: Resources): ModelsConfig | undefined {
  if (route.model_selection_expression === undefined) return undefined;
  const models = Object.entries(block(route.request_models));
  const schemas = models.map(([key, name]) => [key, schemaOf(String(name), route, resources)]);
  return { selectionExpression: String(route.model_selection_expression), schemas: Object.fromEntries(schemas) };
}

function schemaOf(name: string, route: Attributes, resources: Resources): object {
  const from = `The route ${route.route_key}`;
  const model = the(resources, "aws_apigatewayv2_model", { where: (each) => each.name === name, from });
  try {
    return JSON.parse(String(model.schema));
  } catch (fault) {
    throw new Error(`The schema of the model ${name} is no JSON: ${(fault as Error).message}`, { cause: fault });
  }
}
