import { propertyAt } from "../selection-expression.ts";
import { type MappedEvent, valueAt } from "./template.ts";

/** The headers, query parameters and path parameters of a request to a backend. */
export interface RequestParameters {
  readonly header: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly path: Readonly<Record<string, string>>;
}

/**
 * Compiles the request parameters of an integration (rule IN-08 in docs/api-gateway-rules.md). A parameter whose source
 * has no value is omitted. Throws if a target or a source is not supported.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-mapping.html
 */
export function compileParameters(
  sources: Readonly<Record<string, string>>,
): (event: MappedEvent) => RequestParameters {
  const mapped = Object.entries(sources).map(([target, source]) => ({ ...targetOf(target), read: readerOf(source) }));
  return (event) => {
    const parameters = { header: {}, querystring: {}, path: {} };
    for (const { part, name, read } of mapped) {
      const value = textOf(read(event));
      if (value !== undefined) Object.assign(parameters[part], { [name]: value });
    }
    return parameters;
  };
}

function targetOf(target: string): { part: keyof RequestParameters; name: string } {
  const [, part, name] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(target) ?? [];
  if (part && name) return { part: part as keyof RequestParameters, name };
  throw new Error(
    `The request parameter ${target} is not supported. Use integration.request.header.NAME, integration.request.querystring.NAME or integration.request.path.NAME.`,
  );
}

type Read = (event: MappedEvent) => unknown;

const SOURCES: readonly (readonly [RegExp, (event: MappedEvent, name: string) => unknown])[] = [
  [/^'(.*)'$/, (_, text) => text],
  [/^context\.(.+)$/, ({ requestContext }, path) => propertyAt(requestContext, path)],
  [/^stageVariables\.(.+)$/, ({ stageVariables }, name) => stageVariables?.[name]],
  [/^route\.request\.(body)$/, ({ body }) => body],
  [/^route\.request\.body\.(.+)$/, ({ body = "" }, path) => valueAt(body, `$.${path}`)],
  [/^route\.request\.header\.(.+)$/, ({ headers }, name) => headers?.[name]],
  [/^route\.request\.querystring\.(.+)$/, ({ queryStringParameters }, name) => queryStringParameters?.[name]],
  [/^route\.request\.multivalueheader\.(.+)$/, ({ multiValueHeaders }, name) => multiValueHeaders?.[name]],
  [
    /^route\.request\.multivaluequerystring\.(.+)$/,
    ({ multiValueQueryStringParameters }, name) => multiValueQueryStringParameters?.[name],
  ],
];

function readerOf(source: string): Read {
  for (const [pattern, read] of SOURCES) {
    const [, name] = pattern.exec(source) ?? [];
    if (name !== undefined) return (event) => read(event, name);
  }
  throw new Error(
    `The source ${source} of a request parameter is not supported. Use route.request.…, stageVariables.NAME, context.NAME, or a constant in single quotes.`,
  );
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
