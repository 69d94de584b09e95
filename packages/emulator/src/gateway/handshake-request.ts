import type { IncomingMessage } from "node:http";
import type { Connection } from "./connection.ts";

/** All values of each header or query parameter, by name. */
type Values = Readonly<Record<string, readonly string[]>>;

/** The headers of the client, with their names as the client spelled them (rule EV-04 in docs/api-gateway-rules.md). */
export function handshakeHeaders({ rawHeaders }: IncomingMessage): Values {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return Object.fromEntries(headers);
}

const HOP_HEADERS = new Set(["connection", "upgrade", "content-length"]);

/** The authorizer receives hop-by-hop headers; `$connect` does not (EV-03). */
export const withoutHopHeaders = (headers: Values): Values =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name.toLowerCase())));

/** The headers that API Gateway adds (EV-05). */
export const forwardedHeaders = ({ sourceIp }: Connection, traceId: string): Values => ({
  "X-Amzn-Trace-Id": [traceId],
  "X-Forwarded-For": [sourceIp],
  "X-Forwarded-Port": ["443"],
  "X-Forwarded-Proto": ["https"],
});

/** The event's fields for the query string. Both are absent if there is none. */
export function queryOf(request: IncomingMessage): object {
  const values = queryValues(request);
  if (Object.keys(values).length === 0) return {};
  return { queryStringParameters: lastValues(values), multiValueQueryStringParameters: values };
}

export function queryValues({ url = "" }: IncomingMessage): Values {
  const parameters = new URLSearchParams(url.slice(url.indexOf("?") + 1 || url.length));
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
}

/** The last value of each name (EV-06). */
export const lastValues = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
