import type { Parameters } from "../call.ts";
import { type Constraint, charactersAtMost, type Limit, matching, oneOf, operations, page, refused } from "./limit.ts";

const v2 = (name: string): string => page(`apigatewayv2/latest/api-reference/${name}.html`);
const guide = (name: string): string => page(`apigateway/latest/developerguide/${name}.html`);

const API = operations("apigatewayv2", "CreateApi", "UpdateApi");
const ROUTE = operations("apigatewayv2", "CreateRoute", "UpdateRoute");
const INTEGRATION = operations("apigatewayv2", "CreateIntegration", "UpdateIntegration");
const STAGE = operations("apigatewayv2", "CreateStage", "UpdateStage");
const AUTHORIZER = operations("apigatewayv2", "CreateAuthorizer", "UpdateAuthorizer");

/** Parts of a selection expression. */
const EXPRESSION =
  /(\$\{?(request\.(body(\.[\w-]+)+|header\.[\w-]+|querystring\.[\w-]+|path\.[\w-]+)|context\.[\w.]+|stageVariables\.\w+|default|input)\}?|[\w/ .:-])+/;

const isLambda = ({ IntegrationUri }: Parameters): boolean => String(IntegrationUri).includes(":lambda:path/");
const isAws = ({ IntegrationType }: Parameters): boolean =>
  IntegrationType === "AWS" || IntegrationType === "AWS_PROXY";

const webSocketHasExpression: Constraint = (_, { ProtocolType, RouteSelectionExpression }) =>
  ProtocolType === "WEBSOCKET" && !RouteSelectionExpression
    ? "lacks RouteSelectionExpression; AWS requires it for a WebSocket API"
    : undefined;

const onlyConnectIsAuthorized: Constraint = (value, { RouteKey }) =>
  value !== "NONE" && RouteKey !== undefined && RouteKey !== "$connect"
    ? `is "${value}" for the route "${RouteKey}"; AWS accepts authorization for $connect alone`
    : undefined;

const customHasAuthorizer: Constraint = (value, { AuthorizerId }) =>
  value === "CUSTOM" && !AuthorizerId ? 'is "CUSTOM" without an AuthorizerId; AWS requires one' : undefined;

const awsHasUri: Constraint = (value, parameters) =>
  isAws(parameters) && !/^arn:aws[a-z-]*:apigateway:[a-z\d-]+:[\w.-]+:(path|action)\/.+$/.test(String(value))
    ? `is "${value}"; AWS accepts arn:aws:apigateway:{region}:{service}:path|action/…, such as a function's invoke_arn`
    : undefined;

const lambdaIsPosted: Constraint = (value, parameters) =>
  isAws(parameters) && isLambda(parameters) && value !== "POST" ? `is "${value}"; Lambda accepts only POST` : undefined;

const timeoutOfWebSocket: Constraint = (value) =>
  Number(value) >= 50 && Number(value) <= 29_000
    ? undefined
    : `is ${value}; AWS accepts 50 to 29000 for a WebSocket API`;

const proxyHasNoTemplates: Constraint = (_, { IntegrationType }) =>
  IntegrationType === "AWS_PROXY"
    ? "is set for AWS_PROXY, which passes requests on unchanged; AWS accepts it for AWS"
    : undefined;

const formatNamesRequest: Constraint = (value) =>
  value === "" || /\$context\.(requestId|extendedRequestId)/.test(String(value))
    ? undefined
    : "contains neither $context.requestId nor $context.extendedRequestId; AWS requires one of them";

const notManagedTwice: Constraint = (value, { AutoDeploy }) =>
  AutoDeploy && value ? "is set with AutoDeploy; AWS accepts one of the two" : undefined;

const forHttpApis: Constraint = (_, { ProtocolType }) =>
  ProtocolType === "WEBSOCKET" ? "is set; AWS accepts it for HTTP APIs only" : undefined;

export const GATEWAY: readonly Limit[] = [
  { of: API, at: "", accepts: webSocketHasExpression, rule: v2("apis") },
  {
    of: API,
    at: "RouteSelectionExpression",
    accepts: matching(EXPRESSION, "an expression such as $request.body.action"),
    rule: guide("apigateway-websocket-api-selection-expressions"),
  },
  ...["CorsConfiguration", "RouteKey", "Target", "CredentialsArn"].map(
    (at): Limit => ({ of: API, at, accepts: forHttpApis, rule: v2("apis") }),
  ),
  {
    of: ROUTE,
    at: "RouteKey",
    accepts: matching(
      /\$(connect|disconnect|default)|[^$\s]\S*/,
      "$connect, $disconnect, $default or a key without $ and blanks",
    ),
    rule: guide("apigateway-websocket-api-develop-routes"),
  },
  { of: ROUTE, at: "AuthorizationType", accepts: oneOf("NONE", "AWS_IAM", "CUSTOM"), rule: v2("apis-apiid-routes") },
  {
    of: ROUTE,
    at: "AuthorizationType",
    accepts: onlyConnectIsAuthorized,
    rule: guide("apigateway-websocket-api-control-access"),
  },
  { of: ROUTE, at: "AuthorizationType", accepts: customHasAuthorizer, rule: v2("apis-apiid-routes") },
  {
    of: ROUTE,
    at: "Target",
    accepts: matching(/integrations\/\w+/, "integrations/{id}"),
    rule: v2("apis-apiid-routes"),
  },
  {
    of: ROUTE,
    at: "RouteResponseSelectionExpression",
    accepts: oneOf("$default", ""),
    rule: guide("apigateway-websocket-api-route-response"),
  },
  {
    of: operations("apigatewayv2", "CreateRouteResponse", "UpdateRouteResponse"),
    at: "RouteResponseKey",
    accepts: oneOf("$default"),
    rule: v2("apis-apiid-routes-routeid-routeresponses"),
  },
  { of: INTEGRATION, at: "TimeoutInMillis", accepts: timeoutOfWebSocket, rule: v2("apis-apiid-integrations") },
  { of: INTEGRATION, at: "IntegrationUri", accepts: awsHasUri, rule: v2("apis-apiid-integrations") },
  { of: INTEGRATION, at: "IntegrationMethod", accepts: lambdaIsPosted, rule: v2("apis-apiid-integrations") },
  { of: INTEGRATION, at: "RequestTemplates", accepts: proxyHasNoTemplates, rule: v2("apis-apiid-integrations") },
  {
    of: STAGE,
    at: "StageName",
    accepts: matching(/\$default|[\w-]+/, "letters, digits, hyphens and underscores, or $default"),
    rule: v2("apis-apiid-stages"),
  },
  { of: STAGE, at: "DeploymentId", accepts: notManagedTwice, rule: v2("apis-apiid-stages") },
  { of: STAGE, at: "AccessLogSettings.Format", accepts: formatNamesRequest, rule: guide("websocket-api-logging") },
  {
    of: STAGE,
    at: "AccessLogSettings.DestinationArn",
    accepts: matching(/|arn:[^*]+/, "the ARN of a log group without :*"),
    rule: v2("apis-apiid-stages"),
  },
  { of: STAGE, at: "Description", accepts: charactersAtMost(1024), rule: v2("apis-apiid-stages") },
  {
    of: AUTHORIZER,
    at: "IdentitySource[]",
    accepts: matching(
      /route\.request\.(header|querystring)\.[\w-]+|(context|stageVariables)\.[\w.]+/,
      "route.request.header.{name} or route.request.querystring.{name}",
    ),
    rule: v2("apis-apiid-authorizers"),
  },
  { of: AUTHORIZER, at: "AuthorizerType", accepts: oneOf("REQUEST"), rule: v2("apis-apiid-authorizers") },
  ...["AuthorizerPayloadFormatVersion", "JwtConfiguration"].map(
    (at): Limit => ({
      of: AUTHORIZER,
      at,
      accepts: refused("AWS accepts it for HTTP APIs only"),
      rule: v2("apis-apiid-authorizers"),
    }),
  ),
];
