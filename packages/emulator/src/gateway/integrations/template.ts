import { JSONPath } from "jsonpath-plus";
import { Compile, parse } from "velocityjs";
import type { GatewayEvent } from "../events.ts";

type Values<Value> = Readonly<Record<string, Value>>;

/** An event with all fields that templates and parameters can read. */
export interface MappedEvent extends GatewayEvent {
  readonly body?: string;
  readonly headers?: Values<string>;
  readonly multiValueHeaders?: Values<readonly string[]>;
  readonly queryStringParameters?: Values<string>;
  readonly multiValueQueryStringParameters?: Values<readonly string[]>;
  readonly stageVariables?: Values<string>;
}

/** Renders the body of a message, or of a backend's response. */
export type Template = (body: string, event: MappedEvent) => string;

/**
 * Compiles a mapping template in the Velocity Template Language (rule IN-09 in docs/api-gateway-rules.md). Throws if
 * its syntax is invalid.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function compileTemplate(text: string): Template {
  const ast = parseTemplate(text);
  return (body, event) =>
    new Compile(ast).render({
      input: inputOf(body, event),
      util,
      context: event.requestContext,
      stageVariables: event.stageVariables ?? {},
    });
}

/** Evaluates a JSONPath such as `$.a.b`. Undefined if nothing matches, or if the body is not JSON. */
export function valueAt(body: string, path: string): unknown {
  try {
    return JSONPath({ path, json: JSON.parse(body), wrap: false, eval: false });
  } catch {
    return undefined;
  }
}

function parseTemplate(text: string): ReturnType<typeof parse> {
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(
      `The mapping template ${JSON.stringify(text)} is not valid Velocity. Correct its syntax: ${(cause as Error).message}`,
      { cause },
    );
  }
}

const inputOf = (body: string, { headers = {}, queryStringParameters = {} }: MappedEvent) => ({
  body,
  json: (path: string) => JSON.stringify(valueAt(body, path)) ?? "",
  path: (path: string) => valueAt(body, path) ?? "",
  params: (name?: string) =>
    name === undefined
      ? { header: headers, querystring: queryStringParameters, path: {} }
      : (queryStringParameters[name] ?? headers[name] ?? ""),
});

const util = {
  escapeJavaScript: (text: unknown) => JSON.stringify(String(text)).slice(1, -1).replaceAll("'", "\\'"),
  parseJson: (text: string) => JSON.parse(text) as unknown,
  urlEncode: (text: unknown) => encodeURIComponent(String(text)),
  urlDecode: (text: string) => decodeURIComponent(text),
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString("base64"),
  base64Decode: (text: string) => Buffer.from(text, "base64").toString(),
};
