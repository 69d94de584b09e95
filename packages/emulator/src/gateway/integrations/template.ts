import { JSONPath } from "jsonpath-plus";
import { Compile, parse } from "velocityjs";
import type { MappedEvent } from "./mapped-event.ts";

/** Renders on a message, or on what a backend answered. */
export type Template = (body: string, event: MappedEvent) => string;

/**
 * Prepares a Velocity template. Throws at one that is none (IN-09).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function templateOf(text: string): Template {
  const parsed = parsedOf(text);
  return (body, event) =>
    new Compile(parsed).render({
      input: inputOf(body, event),
      util,
      context: event.requestContext,
      stageVariables: event.stageVariables ?? {},
    });
}

/** What a path such as `$.a.b` finds in a JSON text; undefined where there is no such thing, or no JSON. */
export function valueAt(body: string, path: string): unknown {
  try {
    return JSONPath({ path, json: JSON.parse(body), wrap: false, eval: false });
  } catch {
    return undefined;
  }
}

function parsedOf(text: string): ReturnType<typeof parse> {
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(`The template ${JSON.stringify(text)} is no Velocity.`, { cause });
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
