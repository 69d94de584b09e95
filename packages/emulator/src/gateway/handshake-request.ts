import type { IncomingMessage } from "node:http";
import type { Connection } from "./connection.ts";

/** What functions see of the request that asks for a WebSocket: its headers and its query string. */
type Values = Readonly<Record<string, readonly string[]>>;

/** The client's headers, in its own spelling (EV-04), each with all its values. */
export function handshakeHeaders({ rawHeaders }: IncomingMessage): Values {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return Object.fromEntries(headers);
}

const HOP_HEADERS = new Set(["connection", "upgrade", "content-length"]);

/** `$connect` does not see what is between the client and the gateway; its authorizer does (EV-03). */
export const withoutHops = (headers: Values): Values =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name.toLowerCase())));

/** What the gateway adds (EV-05). */
export const forwardedHeaders = ({ sourceIp }: Connection, traceId: string): Values => ({
  "X-Amzn-Trace-Id": [traceId],
  "X-Forwarded-For": [sourceIp],
  "X-Forwarded-Port": ["443"],
  "X-Forwarded-Proto": ["https"],
});

/** Absent without a query string. */
export function queryOf(request: IncomingMessage): object {
  const values = queryValues(request);
  if (Object.keys(values).length === 0) return {};
  return { queryStringParameters: lastOf(values), multiValueQueryStringParameters: values };
}

export function queryValues({ url = "" }: IncomingMessage): Values {
  const parameters = new URLSearchParams(url.slice(url.indexOf("?") + 1 || url.length));
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
}

/** Of several values the last one (EV-06). */
export const lastOf = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
