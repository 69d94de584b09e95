import type { IncomingMessage } from "node:http";
import { newId, newTraceId } from "../ids.ts";
import type { Connection } from "./connection.ts";

/*
 * The events that functions get. Fields, their presence and their types:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */

/** What all events of an API have in common. */
export interface EventSource {
  readonly apiId: string;
  readonly stageName: string;
  readonly now: () => number;
}

export interface GatewayEvent {
  readonly requestContext: { readonly requestId: string } & Readonly<Record<string, unknown>>;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export function connectEvent(source: EventSource, connection: Connection, request: IncomingMessage): GatewayEvent {
  const multiValueHeaders = { ...handshakeHeaders(request), ...forwardedHeaders(connection, source.now()) };
  return {
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    ...queryOf(request),
    requestContext: context(source, connection, { routeKey: "$connect", eventType: "CONNECT" }),
    isBase64Encoded: false,
  } as GatewayEvent;
}

export const messageEvent = (
  source: EventSource,
  connection: Connection,
  { routeKey, body }: { readonly routeKey: string; readonly body: string },
): GatewayEvent & { readonly body: string; readonly isBase64Encoded: boolean } => ({
  requestContext: context(source, connection, { routeKey, eventType: "MESSAGE", messageId: newId() }),
  body,
  isBase64Encoded: false,
});

export function disconnectEvent(source: EventSource, connection: Connection, { code, reason }: Closing): GatewayEvent {
  const headers = { Host: connection.domainName, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: context(source, connection, {
      routeKey: "$disconnect",
      eventType: "DISCONNECT",
      disconnectStatusCode: code,
      disconnectReason: reason,
    }),
    isBase64Encoded: false,
  } as GatewayEvent;
}

function context(
  { apiId, stageName, now }: EventSource,
  { id, connectedAt, userAgent, sourceIp, domainName }: Connection,
  own: Readonly<Record<string, unknown>>,
): GatewayEvent["requestContext"] {
  const requestId = newId();
  const requestTimeEpoch = now();
  return {
    ...own,
    extendedRequestId: requestId,
    requestTime: commonLogTime(requestTimeEpoch),
    messageDirection: "IN",
    stage: stageName,
    connectedAt,
    requestTimeEpoch,
    identity: { ...(userAgent !== undefined && { userAgent }), sourceIp },
    requestId,
    domainName,
    connectionId: id,
    apiId,
  };
}

/** `16/Aug/2026:12:04:27 +0000` (EV-02). */
function commonLogTime(epochMilliseconds: number): string {
  const [, day, month, year, time] = new Date(epochMilliseconds).toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}

/** A function sees neither what is between the client and the gateway (EV-03). */
const HOP_HEADERS = new Set(["connection", "upgrade", "content-length"]);

/** The client's headers, in its own spelling (EV-04), each with all its values. */
function handshakeHeaders({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!HOP_HEADERS.has(name.toLowerCase())) headers[name] = [...(headers[name] ?? []), value];
  }
  return headers;
}

const forwardedHeaders = ({ sourceIp }: Connection, now: number): Record<string, string[]> => ({
  "X-Amzn-Trace-Id": [newTraceId(now)],
  "X-Forwarded-For": [sourceIp],
  "X-Forwarded-Port": ["443"],
  "X-Forwarded-Proto": ["https"],
});

/** Absent without a query string. */
function queryOf({ url = "" }: IncomingMessage): object {
  const { searchParams } = new URL(url, "ws://gateway");
  if (searchParams.size === 0) return {};
  const names = [...new Set(searchParams.keys())];
  const multiValueQueryStringParameters = Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)]));
  return { queryStringParameters: lastOf(multiValueQueryStringParameters), multiValueQueryStringParameters };
}

/** Of several values the last one (EV-06). */
const lastOf = (values: Readonly<Record<string, readonly string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
