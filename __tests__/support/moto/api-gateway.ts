import type { AwsRequest, AwsResponse } from "./services.ts";

/* API Gateway resources that moto does not support, or supports in part. */

type Json = Record<string, unknown>;

const AUTHORIZERS_PATH = /^\/v2\/apis\/([^/]+)\/authorizers(?:\/([^/?]+))?$/;

export interface AuthorizerLists {
  answer(request: AwsRequest): AwsResponse | undefined;
  /** Records authorizers in the responses of moto. */
  complete(request: AwsRequest, response: string): string;
}

/** Lists the authorizers of an API, because moto has no GetAuthorizers. */
export function authorizerLists(): AuthorizerLists {
  const authorizers = new Map<string, Map<string, object>>();
  return {
    answer({ method, url }) {
      const [, api, id] = AUTHORIZERS_PATH.exec(url) ?? [];
      if (method !== "GET" || !api || id) return undefined;
      return { status: 200, body: JSON.stringify({ items: [...(authorizers.get(api)?.values() ?? [])] }) };
    },
    complete({ method, url }, response) {
      const [, api, id] = AUTHORIZERS_PATH.exec(url) ?? [];
      if (!api || method === "GET") return response;
      const ofApi = authorizers.get(api) ?? new Map<string, object>();
      authorizers.set(api, ofApi);
      if (method === "DELETE") ofApi.delete(id ?? "");
      else {
        const authorizer: { authorizerId: string } = JSON.parse(response);
        ofApi.set(authorizer.authorizerId, authorizer);
      }
      return response;
    },
  };
}

/** Members that AWS adds to the configuration of a domain. */
const DOMAIN_MEMBERS = {
  apiGatewayDomainName: "d-0a1b2c3d4e.execute-api.eu-west-2.amazonaws.com",
  domainNameStatus: "AVAILABLE",
  hostedZoneId: "ZJ5UAJN8Y3Z2Q",
};

/** Adds missing members to moto's response for one domain, and removes mutual TLS, which was not requested. */
export function completeDomain(url: string, response: string): string {
  if (!url.startsWith("/v2/domainnames") || !response.includes("domainNameConfigurations")) return response;
  const { domainNameConfigurations, mutualTlsAuthentication, ...rest } = JSON.parse(response);
  // A list of domains is nested one level deeper.
  if (!domainNameConfigurations) return response;
  const configurations = domainNameConfigurations.map((configuration: object) => ({
    ...configuration,
    ...DOMAIN_MEMBERS,
  }));
  return JSON.stringify({ ...rest, domainNameConfigurations: configurations });
}

const STAGES_PATH = /^\/v2\/apis\/([^/]+)\/stages$/;
/** A stage, or the part of it that a request deletes. */
const STAGE_PATH = /^\/v2\/apis\/([^/]+)\/stages\/([^/?]+)(?:\/(accesslogsettings)|\/routesettings\/([^/?]+))?$/;
const TAGS_PATH = /^\/v2\/tags\/([^?]+)/;
const STAGE_ARN = /:\/apis\/([^/]+)\/stages\/([^/]+)$/;

export interface StageUpdates {
  answer(request: AwsRequest): AwsResponse | undefined;
  /** Records stages in the responses of moto, and completes its lists of stages. */
  complete(request: AwsRequest, response: string): string;
}

/** Stores WebSocket stages instead of moto, which has neither UpdateStage nor tags of stages. */
export function stageUpdates(): StageUpdates {
  const stages = new Map<string, Json>();
  return {
    answer(request) {
      const [, arn = ""] = TAGS_PATH.exec(request.url) ?? [];
      const [, api = "", name = ""] = STAGE_ARN.exec(decodeURIComponent(arn)) ?? STAGE_PATH.exec(request.url) ?? [];
      const key = `${api}/${decodeURIComponent(name)}`;
      const stage = stages.get(key);
      if (!stage) return undefined;
      if (arn) return answerTags(stage, request);
      if (isStageDeletion(request)) {
        stages.delete(key);
        return undefined;
      }
      change(stage, request);
      return request.method === "DELETE" ? { status: 204 } : { status: 200, body: JSON.stringify(stage) };
    },
    complete({ method, url }, response) {
      const [, api] = STAGES_PATH.exec(url) ?? [];
      if (!api) return response;
      const json: Json & { items?: Json[] } = JSON.parse(response);
      if (method === "POST") stages.set(`${api}/${json.stageName}`, json);
      if (!json.items) return response;
      return JSON.stringify({
        ...json,
        items: json.items.map((each) => stages.get(`${api}/${each.stageName}`) ?? each),
      });
    },
  };
}

function isStageDeletion({ method, url }: AwsRequest): boolean {
  const [, , , log, route] = STAGE_PATH.exec(url) ?? [];
  return method === "DELETE" && log === undefined && route === undefined;
}

/** UpdateStage, DeleteAccessLogSettings and DeleteRouteSettings. Route settings are merged, other members are replaced. */
function change(stage: Json, { method, url, body }: AwsRequest): void {
  const [, , , log, route] = STAGE_PATH.exec(url) ?? [];
  const routeSettings: Json = { ...(stage.routeSettings as Json | undefined) };
  if (log !== undefined) delete stage.accessLogSettings;
  if (route !== undefined) {
    delete routeSettings[decodeURIComponent(route)];
    Object.assign(stage, { routeSettings });
  }
  if (method !== "PATCH") return;
  const patch: Json & { accessLogSettings?: Json } = JSON.parse(body);
  Object.assign(stage, patch, { routeSettings: { ...routeSettings, ...(patch.routeSettings as Json | undefined) } });
  // Without a destination, access logs are off.
  if (patch.accessLogSettings && !patch.accessLogSettings.destinationArn) delete stage.accessLogSettings;
}

function answerTags(stage: Json, { method, url, body }: AwsRequest): AwsResponse {
  const tags = (stage.tags ?? {}) as Record<string, string>;
  if (method === "GET") return { status: 200, body: JSON.stringify({ tags }) };
  const removed = new URL(url, "http://aws").searchParams.getAll("tagKeys");
  const kept = Object.entries(tags).filter(([key]) => !removed.includes(key));
  stage.tags = { ...Object.fromEntries(kept), ...(method === "POST" && JSON.parse(body).tags) };
  return method === "POST" ? { status: 201, body: "{}" } : { status: 204 };
}
