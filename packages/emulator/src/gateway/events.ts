import type { IncomingMessage } from "node:http";
import { newId, newTraceId } from "../ids.ts";
import type { StageConfig } from "../terraform/stage.ts";
import type { Connection } from "./connection.ts";
import { forwardedHeaders, handshakeHeaders, lastValues, queryOf, withoutHopHeaders } from "./handshake-request.ts";

/*
 * The events that functions receive. Fields, their presence and their types:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */

export interface EventSource {
  readonly stage: StageConfig;
  readonly now: () => number;
}

export type RequestContext = { readonly requestId: string } & Readonly<Record<string, unknown>>;

export interface GatewayEvent {
  readonly requestContext: RequestContext;
}

/** The code and reason of a WebSocket close frame. */
export interface CloseStatus {
  readonly code: number;
  readonly reason: string;
}

export interface PendingHandshake {
  readonly connection: Connection;
  readonly request: IncomingMessage;
  readonly requestContext: RequestContext;
}

/** The authorizer and `$connect` receive the same context, because they belong to one request. */
export const connectContext = (source: EventSource, connection: Connection): RequestContext =>
  context(source, connection, { routeKey: "$connect", eventType: "CONNECT" });

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html */
export function authorizerEvent(
  { stage }: EventSource,
  { connection, request, requestContext }: PendingHandshake,
): GatewayEvent {
  const multiValueHeaders = {
    ...handshakeHeaders(request),
    "content-length": ["0"],
    ...forwardedHeaders(connection, traceIdOf(requestContext)),
  };
  return {
    type: "REQUEST",
    methodArn: `${stage.executionArn}/$connect`,
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    ...queryOf(request),
    stageVariables: stage.variables,
    requestContext,
  } as GatewayEvent;
}

export function connectEvent(
  source: EventSource,
  { connection, request, requestContext }: PendingHandshake,
): GatewayEvent {
  const multiValueHeaders = {
    ...withoutHopHeaders(handshakeHeaders(request)),
    ...forwardedHeaders(connection, traceIdOf(requestContext)),
  };
  return {
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    ...queryOf(request),
    ...stageVariablesOf(source),
    requestContext,
    isBase64Encoded: false,
  } as GatewayEvent;
}

const traceIdOf = ({ requestTimeEpoch }: RequestContext): string => newTraceId(Number(requestTimeEpoch));

export const messageEvent = (
  source: EventSource,
  connection: Connection,
  { routeKey, body }: { readonly routeKey: string; readonly body: string },
): GatewayEvent & { readonly body: string; readonly isBase64Encoded: boolean } =>
  Object.assign(
    {
      requestContext: context(source, connection, { routeKey, eventType: "MESSAGE", messageId: newId() }),
      body,
      isBase64Encoded: false,
    },
    stageVariablesOf(source),
  );

/** The event always contains exactly these four headers (EV-08). */
export function disconnectEvent(
  source: EventSource,
  connection: Connection,
  { code, reason }: CloseStatus,
): GatewayEvent {
  const headers = { Host: connection.domainName, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    ...stageVariablesOf(source),
    requestContext: context(source, connection, {
      routeKey: "$disconnect",
      eventType: "DISCONNECT",
      disconnectStatusCode: code,
      disconnectReason: reason,
    }),
    isBase64Encoded: false,
  } as GatewayEvent;
}

/** Absent if the stage has no variables. */
const stageVariablesOf = ({ stage: { variables } }: EventSource): object | undefined =>
  Object.keys(variables).length > 0 ? { stageVariables: variables } : undefined;

function context({ stage, now }: EventSource, connection: Connection, own: object): RequestContext {
  const { id, connectedAt, domainName, authorizer } = connection;
  const requestId = newId();
  const requestTimeEpoch = now();
  const common = {
    extendedRequestId: requestId,
    requestTime: commonLogTime(requestTimeEpoch),
    messageDirection: "IN",
    stage: stage.name,
    connectedAt,
    requestTimeEpoch,
    identity: identityOf(connection),
    requestId,
    domainName,
    connectionId: id,
    apiId: stage.apiId,
  };
  // A spread would give each object a shape of its own, which takes more memory than its values.
  return Object.assign(common, own, authorizer && { authorizer });
}

const identityOf = ({ identity, userAgent, sourceIp }: Connection): object =>
  Object.assign({ sourceIp }, userAgent !== undefined && { userAgent }, identity);

/** The last result of `commonLogTime`: many messages share a second, and the text has many parts. */
const lastTime = { second: Number.NaN, text: "" };

/** Common Log Format: `16/Aug/2026:12:04:27 +0000` (EV-02). */
function commonLogTime(epochMilliseconds: number): string {
  const second = Math.floor(epochMilliseconds / 1000);
  if (second !== lastTime.second) {
    const [, day, month, year, time] = new Date(epochMilliseconds).toUTCString().split(" ");
    Object.assign(lastTime, { second, text: `${day}/${month}/${year}:${time} +0000` });
  }
  return lastTime.text;
}
