import { type Attributes, type Resources, relatedResource, resourcesOfType } from "./configuration.ts";
import { type InvokePermission, invokePermission, type Permissions, unqualified } from "./functions.ts";

/** A Lambda authorizer: a function that decides which clients can connect. */
export interface AuthorizerConfig extends InvokePermission {
  readonly functionName: string;
  readonly identitySources: readonly IdentitySource[];
  /** The source ARN of API Gateway's invocations. */
  readonly sourceArn: string;
}

/** Where API Gateway looks for the client's credentials. */
export interface IdentitySource {
  readonly from: "header" | "querystring" | "stageVariables" | "context";
  readonly name: string;
}

/**
 * How a route is protected. API Gateway evaluates only the authorization of `$connect` (rules AU-02, HS-38 in
 * docs/api-gateway-rules.md).
 */
export type Authorization = { readonly type: "NONE" | "AWS_IAM" } | ({ readonly type: "CUSTOM" } & AuthorizerConfig);

export function authorizationOf(route: Attributes, resources: Resources, permissions: Permissions): Authorization {
  const type = route.authorization_type ?? "NONE";
  if (type === "NONE" || type === "AWS_IAM") return { type };
  const from = `The route ${route.route_key}`;
  if (type !== "CUSTOM") {
    throw new Error(
      `${from} has the authorization type ${type}. A WebSocket API supports NONE, AWS_IAM and CUSTOM. Use one of them.`,
    );
  }
  const where = ({ id }: Attributes) => id === route.authorizer_id;
  const authorizer = relatedResource(resources, "aws_apigatewayv2_authorizer", { where, from });
  return { type, ...authorizerOf(authorizer, resources, permissions) };
}

function authorizerOf(authorizer: Attributes, resources: Resources, permissions: Permissions): AuthorizerConfig {
  const from = `The authorizer ${authorizer.name}`;
  const where = ({ invoke_arn }: Attributes) => invoke_arn === unqualified(String(authorizer.authorizer_uri));
  const lambda = relatedResource(resources, "aws_lambda_function", { where, from });
  const [api] = resourcesOfType(resources, "aws_apigatewayv2_api");
  const sourceArn = `${api?.execution_arn}/authorizers/${authorizer.id}`;
  return {
    functionName: String(lambda.function_name),
    identitySources: ((authorizer.identity_sources ?? []) as readonly string[]).map(identitySourceOf),
    sourceArn,
    ...invokePermission(permissions, { lambda, sourceArn, credentialsArn: authorizer.authorizer_credentials_arn }),
  };
}

const SOURCE = /^(?:route\.request\.(querystring|header)|(stageVariables)|(context))\.([\w.-]+)$/;

/** Parses an identity source expression (AU-03). */
function identitySourceOf(expression: string): IdentitySource {
  const [, part, variables, context, name] = SOURCE.exec(expression) ?? [];
  const from = (part ?? variables ?? context) as IdentitySource["from"] | undefined;
  if (from && name) return { from, name };
  throw new Error(
    `Invalid request identity source expression: ${expression}. Use route.request.header.NAME, route.request.querystring.NAME, stageVariables.NAME or context.NAME.`,
  );
}
