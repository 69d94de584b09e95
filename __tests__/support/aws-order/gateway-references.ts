import type { Parameters, Problem } from "../aws-models/call.ts";
import type { ControlPlane, OrderRules } from "./control-plane.ts";

const REFERENCE = "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/";
const rule = (page: string): string => `${REFERENCE}${page}.html`;

const conflict = (problem: string, page: string): Problem[] => [
  { member: "", problem, rule: rule(page), code: "ConflictException", status: 409 },
];
const badRequest = (problem: string, page: string): Problem[] => [
  { member: "", problem, rule: rule(page), code: "BadRequestException" },
];

const routesOf = (aws: ControlPlane, { ApiId }: Parameters) => aws.items(`/v2/apis/${ApiId}/routes`);

/** The mappings of an API, of one stage where it is given, by the names of their domains. */
async function mappedDomains(aws: ControlPlane, { ApiId, StageName }: Parameters): Promise<string[]> {
  const domains = await aws.items("/v2/domainnames");
  const perDomain = domains.map(async ({ domainName }) => {
    const mappings = await aws.items(`/v2/domainnames/${domainName}/apimappings`);
    const isMapped = mappings.some(
      ({ apiId, stage }) => apiId === ApiId && (StageName === undefined || stage === StageName),
    );
    return isMapped ? [String(domainName)] : [];
  });
  return (await Promise.all(perDomain)).flat();
}

/** Needed by access logs and execution logs, once per account and region. */
async function lacksLogsRole(aws: ControlPlane, parameters: Parameters): Promise<boolean> {
  const { AccessLogSettings, DefaultRouteSettings = {}, RouteSettings = {} } = parameters as StageParameters;
  const levels = [DefaultRouteSettings, ...Object.values(RouteSettings)].map(
    ({ LoggingLevel = "OFF" }) => LoggingLevel,
  );
  if (!AccessLogSettings?.DestinationArn && levels.every((level) => level === "OFF")) return false;
  return !(await aws.get("apigateway", "/account")).cloudwatchRoleArn;
}

interface StageParameters {
  readonly AccessLogSettings?: { readonly DestinationArn?: string };
  readonly DefaultRouteSettings?: { readonly LoggingLevel?: string };
  readonly RouteSettings?: Readonly<Record<string, { readonly LoggingLevel?: string }>>;
}

const NO_LOGS_ROLE: readonly Problem[] = [
  {
    member: "",
    problem: "CloudWatch Logs role ARN must be set in account settings to enable logging",
    rule: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    code: "BadRequestException",
  },
];

/** The references between an API's resources that API Gateway keeps intact. moto deletes resources in use. */
export const GATEWAY_REFERENCES: OrderRules = {
  async "apigatewayv2.DeleteAuthorizer"({ parameters }, aws) {
    const { ApiId, AuthorizerId } = parameters;
    const users = (await routesOf(aws, parameters)).filter(({ authorizerId }) => authorizerId === AuthorizerId);
    if (users.length === 0) return [];
    const { name } = await aws.get("apigateway", `/v2/apis/${ApiId}/authorizers/${AuthorizerId}`);
    const keys = users.map(({ routeKey }) => routeKey).join(", ");
    return conflict(
      `Cannot delete authorizer '${name}', is referenced in route: ${keys}`,
      "apis-apiid-authorizers-authorizerid",
    );
  },
  async "apigatewayv2.DeleteIntegration"({ parameters }, aws) {
    const target = `integrations/${parameters.IntegrationId}`;
    const users = (await routesOf(aws, parameters)).filter((route) => route.target === target);
    const ids = users.map(({ routeId }) => routeId).join(", ");
    const problem = `Cannot delete Integration because it is referenced by the following Routes with Ids: [${ids}]`;
    return users.length === 0 ? [] : conflict(problem, "apis-apiid-integrations-integrationid");
  },
  async "apigatewayv2.DeleteDeployment"({ parameters: { ApiId, DeploymentId } }, aws) {
    const stages = await aws.items(`/v2/apis/${ApiId}/stages`);
    const problem = "Active stages pointing to this deployment must be moved or deleted";
    const isUsed = stages.some(({ deploymentId }) => deploymentId === DeploymentId);
    return isUsed ? badRequest(problem, "apis-apiid-deployments-deploymentid") : [];
  },
  async "apigatewayv2.DeleteStage"({ parameters }, aws) {
    const domains = await mappedDomains(aws, parameters);
    const problem = `Cannot delete stage '${parameters.StageName}', is referenced in API mappings of: ${domains.join(", ")}`;
    return domains.length === 0 ? [] : conflict(problem, "apis-apiid-stages-stagename");
  },
  async "apigatewayv2.DeleteApi"({ parameters }, aws) {
    const domains = await mappedDomains(aws, parameters);
    const problem =
      `Deleting API ${parameters.ApiId} failed. Please remove all API mappings for the API from your custom domain ` +
      `names. (${domains.join(", ")})`;
    return domains.length === 0 ? [] : badRequest(problem, "apis-apiid");
  },
  async "apigatewayv2.CreateRoute"({ parameters }, aws) {
    const { RouteKey } = parameters;
    const exists = (await routesOf(aws, parameters)).some(({ routeKey }) => routeKey === RouteKey);
    return exists ? conflict(`Route with key ${RouteKey} already exists for this API`, "apis-apiid-routes") : [];
  },
  async "apigatewayv2.CreateAuthorizer"({ parameters: { ApiId, Name } }, aws) {
    const exists = (await aws.items(`/v2/apis/${ApiId}/authorizers`)).some(({ name }) => name === Name);
    const problem = `Authorizer name must be unique. Authorizer ${Name} already exists in this RestApi.`;
    return exists ? badRequest(problem, "apis-apiid-authorizers") : [];
  },
  async "apigatewayv2.CreateStage"({ parameters }, aws) {
    const { ApiId, StageName } = parameters;
    const exists = (await aws.items(`/v2/apis/${ApiId}/stages`)).some(({ stageName }) => stageName === StageName);
    if (exists) return conflict("Stage already exists", "apis-apiid-stages");
    return (await lacksLogsRole(aws, parameters)) ? NO_LOGS_ROLE : [];
  },
  async "apigatewayv2.UpdateStage"({ parameters }, aws) {
    return (await lacksLogsRole(aws, parameters)) ? NO_LOGS_ROLE : [];
  },
};
