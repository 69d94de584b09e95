import {
  type Attributes,
  block,
  type Resources,
  relatedResource,
  resourcesByAddress,
  resourcesOfType,
} from "./configuration.ts";
import { type InvokePermission, invokePermission, type Permissions, unqualified } from "./functions.ts";
import type { StageConfig } from "./stage.ts";

/** The integration of a route (rule IN-01 in docs/api-gateway-rules.md). */
export type IntegrationConfig = { readonly timeoutMilliseconds: number } & (
  | ({ readonly type: "AWS_PROXY" } & FunctionTarget)
  | ({ readonly type: "AWS"; readonly mapping: MappingConfig } & FunctionTarget)
  | ({ readonly type: "HTTP_PROXY" | "HTTP"; readonly mapping: MappingConfig } & HttpTarget)
  | { readonly type: "MOCK"; readonly mapping: MappingConfig }
);

export interface FunctionTarget extends InvokePermission {
  readonly functionName: string;
  /** The source ARN of API Gateway's invocations. */
  readonly sourceArn: string;
}

export interface HttpTarget {
  readonly method: string;
  readonly uri: string;
}

/** How API Gateway maps messages to backend requests, and backend responses to frames. */
export interface MappingConfig {
  /** Sources such as `context.connectionId`, keyed by targets such as `integration.request.header.Id` (IN-08). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly request: TemplatesConfig;
  /** What happens to a message that no template matches. */
  readonly passthrough: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
  readonly responses: readonly ({ readonly key: string } & TemplatesConfig)[];
}

/** Velocity templates, and the expression that selects one of them (IN-06). */
export interface TemplatesConfig {
  readonly templates: Readonly<Record<string, string>>;
  readonly selectionExpression: string | undefined;
}

export interface StackContext {
  readonly resources: Resources;
  readonly stage: StageConfig;
  readonly permissions: Permissions;
}

/** API Gateway's default and maximum (IN-04). https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const TIMEOUT_MILLISECONDS = 29_000;

/** Reads the integration of a route. Only `$connect` can have none. */
export function integrationOf(route: Attributes, context: StackContext): IntegrationConfig | undefined {
  if (route.target === undefined && route.route_key === "$connect") return undefined;
  const from = `The route ${route.route_key}`;
  const where = ({ id }: Attributes) => route.target === `integrations/${id}`;
  const integration = relatedResource(context.resources, "aws_apigatewayv2_integration", { where, from });
  const timeoutMilliseconds = Number(integration.timeout_milliseconds ?? TIMEOUT_MILLISECONDS);
  const { integration_type: type } = integration;
  switch (type) {
    case "AWS_PROXY":
      return { type, timeoutMilliseconds, ...functionOf(route, integration, context) };
    case "AWS":
      return {
        ...{ type, timeoutMilliseconds, mapping: mappingOf(integration, context) },
        ...functionOf(route, integration, context),
      };
    case "HTTP":
    case "HTTP_PROXY":
      return {
        ...{ type, timeoutMilliseconds, mapping: mappingOf(integration, context) },
        method: String(integration.integration_method),
        uri: uriOf(integration, context),
      };
    case "MOCK":
      return { type, timeoutMilliseconds, mapping: mappingOf(integration, context) };
    default:
      throw new Error(
        `${from} has an integration of type ${type}. API Gateway supports AWS_PROXY, AWS, HTTP_PROXY, HTTP and MOCK. Use one of them.`,
      );
  }
}

const uriOf = ({ integration_uri }: Attributes, { stage: { variables } }: StackContext): string => {
  const uri = String(integration_uri);
  return unqualified(uri.replaceAll(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => variables[name] ?? ""));
};

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html#apis-apiid-integrations-prop-createintegrationinput-integrationuri */
function requireFunction(uri: string, from: string): void {
  const [, service] = /^arn:[^:]+:apigateway:[^:]+:([\w.-]+):/.exec(uri) ?? [];
  if (service === undefined || service === "lambda") return;
  throw new Error(
    `${from} has an integration with the service ${service}: ${uri}. The emulator plays integrations with functions, HTTP addresses and MOCK. Call the service from a function.`,
  );
}

function functionOf(route: Attributes, integration: Attributes, context: StackContext): FunctionTarget {
  const { resources, stage, permissions } = context;
  const uri = uriOf(integration, context);
  const where = ({ invoke_arn }: Attributes) => invoke_arn === uri;
  const from = `The route ${route.route_key}`;
  requireFunction(uri, from);
  const [byArn] = resourcesByAddress(resources, "aws_lambda_function").find(([, { arn }]) => arn === uri) ?? [];
  if (byArn !== undefined) {
    throw new Error(
      `${from} has an integration whose integration_uri is the arn of ${byArn}. API Gateway requires its invoke_arn. Write \${${byArn}.invoke_arn}.`,
    );
  }
  const lambda = relatedResource(resources, "aws_lambda_function", { where, from });
  const sourceArn = `${stage.executionArn}/${route.route_key}`;
  const credentialsArn = integration.credentials_arn;
  const permission = invokePermission(permissions, { lambda, sourceArn, credentialsArn });
  return { functionName: String(lambda.function_name), sourceArn, ...permission };
}

function mappingOf(integration: Attributes, { resources }: StackContext): MappingConfig {
  const responses = resourcesOfType(resources, "aws_apigatewayv2_integration_response");
  return {
    parameters: block(integration.request_parameters) as Record<string, string>,
    request: templatesOf(integration.request_templates, integration.template_selection_expression),
    passthrough: (integration.passthrough_behavior ?? "WHEN_NO_MATCH") as MappingConfig["passthrough"],
    responses: responses
      .filter(({ integration_id }) => integration_id === integration.id)
      .map((response) => ({
        key: String(response.integration_response_key),
        ...templatesOf(response.response_templates, response.template_selection_expression),
      })),
  };
}

const templatesOf = (
  templates: Attributes[string] | undefined,
  expression: Attributes[string] | undefined,
): TemplatesConfig => ({
  templates: block(templates) as Record<string, string>,
  selectionExpression: expression === undefined ? undefined : String(expression),
});
