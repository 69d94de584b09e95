import type { HttpTarget, MappingConfig, TemplatesConfig } from "../../terraform/integrations.ts";
import { compileSelection } from "../selection-expression.ts";
import type { IntegrationFailure } from "./outcome.ts";
import { compileParameters, type RequestParameters } from "./parameters.ts";
import { compileTemplate, type MappedEvent, type Template } from "./template.ts";

export interface BackendRequest {
  readonly body: string;
  readonly parameters: RequestParameters;
}

export interface BackendResponse {
  /**
   * Selects the integration response: the error message of a function, or the status of another backend (rule IN-05 in
   * docs/api-gateway-rules.md).
   */
  readonly selector: string;
  readonly status: number;
  readonly headers?: Headers;
  readonly body: string;
}

export interface Mapping {
  /** Undefined if no template matches and the passthrough behavior rejects the message (IN-06). */
  request(event: MappedEvent): BackendRequest | undefined;
  /** The body for the client. Undefined if no integration response matches (IN-05). */
  response(backend: BackendResponse, event: MappedEvent): string | undefined;
}

/** Compiles a mapping. Throws if a part of it is not supported. */
export function compileMapping({ parameters, request, passthrough, responses }: MappingConfig): Mapping {
  const selectTemplate = compileSelection(request.selectionExpression ?? CONTENT_TYPE);
  const templates = compileTemplates(request);
  const allowsPassthrough =
    passthrough === "WHEN_NO_MATCH" || (passthrough === "WHEN_NO_TEMPLATES" && templates.size === 0);
  const parametersOf = compileParameters(parameters);
  const compiled = responses.map(({ key, ...response }) => ({ key, render: compileResponse(response) }));
  const fallback = compiled.find(({ key }) => key === DEFAULT);
  return {
    request(event) {
      const { body = "" } = event;
      const template = templateFor(templates, selectTemplate(body));
      if (!template && !allowsPassthrough) return undefined;
      return { body: template ? template(body, event) : body, parameters: parametersOf(event) };
    },
    response(backend, event) {
      const response = compiled.find(({ key }) => key !== DEFAULT && keyMatches(key, backend.selector)) ?? fallback;
      return response?.render(backend, event);
    },
  };
}

const DEFAULT = "$default";

/**
 * The key of a request template without a selection expression, as in AWS's examples.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigatewayv2_integrations.WebSocketAwsIntegrationProps.html
 */
const CONTENT_TYPE = "application/json";

const compileTemplates = ({ templates }: TemplatesConfig): ReadonlyMap<string, Template> =>
  new Map(Object.entries(templates).map(([key, text]) => [key, compileTemplate(text)]));

const templateFor = (templates: ReadonlyMap<string, Template>, key: string): Template | undefined =>
  templates.get(key) ?? templates.get(DEFAULT);

/** A key in slashes, such as `/4\d{2}/`, is a regular expression for the whole selector. */
function keyMatches(key: string, selector: string): boolean {
  const [, pattern] = /^\/(.*)\/$/.exec(key) ?? [];
  return pattern === undefined ? key === selector : new RegExp(`^(?:${pattern})$`).test(selector);
}

function compileResponse(config: TemplatesConfig): (backend: BackendResponse, event: MappedEvent) => string {
  const templates = compileTemplates(config);
  return (backend, event) => {
    const template = templateFor(templates, selectKey(config.selectionExpression ?? DEFAULT, backend));
    return template ? template(backend.body, event) : backend.body;
  };
}

const RESPONSE_VARIABLE = /\$\{integration\.response\.(?:(statuscode)|header\.([\w-]+))\}/g;

const selectKey = (expression: string, { status, headers }: BackendResponse): string =>
  expression.replaceAll(RESPONSE_VARIABLE, (_, isStatus: string | undefined, header: string) =>
    isStatus ? String(status) : (headers?.get(header) ?? ""),
  );

const NETWORK_ERROR: IntegrationFailure = { error: "Network error communicating with endpoint" };

/** Sends a request to an HTTP backend. Fails if there is no response, or if the request is aborted. */
export async function sendHttp(
  { method, uri }: HttpTarget,
  { body, parameters }: BackendRequest,
  signal: AbortSignal,
): Promise<BackendResponse | IntegrationFailure> {
  const url = new URL(
    uri.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters.path[name] ?? "")),
  );
  for (const [name, value] of Object.entries(parameters.querystring)) url.searchParams.append(name, value);
  const hasBody = method !== "GET" && method !== "HEAD";
  try {
    const response = await fetch(url, {
      method: method === "ANY" ? "POST" : method,
      headers: { "content-type": "application/json", ...parameters.header },
      ...(hasBody && { body }),
      redirect: "manual",
      signal,
    });
    const { status, headers } = response;
    return { selector: String(status), status, headers, body: await response.text() };
  } catch {
    return NETWORK_ERROR;
  }
}
