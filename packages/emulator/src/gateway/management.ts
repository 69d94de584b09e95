import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../http-server.ts";
import type { AllowedRequest } from "../iam/guard.ts";
import { isId, newId, newRequestId, newTraceId } from "../ids.ts";
import type { Api } from "./api.ts";
import { isFull, type OpenConnection, send } from "./connection.ts";
import { closeConnection } from "./disconnect.ts";
import { denialBody } from "./refusal.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html */
const POST_BYTES_MAX = 131_072;

/** The close frame that DELETE sends to the client (rules DC-04, MG-08 in docs/api-gateway-rules.md). */
const DELETED = { code: 1000, reason: "Connection Closed Normally" };

export interface ManagementResponse {
  readonly status: number;
  readonly errorType?: string;
  readonly body?: string;
}

const FORBIDDEN: ManagementResponse = { status: 403, errorType: "ForbiddenException", body: `{"message":"Forbidden"}` };
const GONE: ManagementResponse = { status: 410, errorType: "GoneException" };
const TOO_LARGE: ManagementResponse = {
  status: 413,
  errorType: "PayloadTooLargeException",
  body: `{"message":"Message is larger than ${POST_BYTES_MAX} bytes"}`,
};
const TOO_MANY: ManagementResponse = {
  status: 429,
  errorType: "LimitExceededException",
  body: `{"message":"Too Many Requests"}`,
};

/** Answers a request to `/{stage}/@connections/{connectionId}`. */
export async function manageConnection(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, errorType, body = "" } = await respond(api, request);
  response.writeHead(status, {
    ...(status !== 204 && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
    "x-amzn-RequestId": newRequestId(),
    "x-amz-apigw-id": newId(),
    "X-Amzn-Trace-Id": newTraceId(api.now()),
    ...(errorType && { "x-amzn-ErrorType": errorType }),
  });
  response.end(body);
}

/** Checks are in the order of AWS: address, signature and permission, throttling, connection. */
async function respond(api: Api, request: IncomingMessage): Promise<ManagementResponse> {
  const body = await readBody(request);
  const connectionId = connectionIdOf(api, request);
  if (connectionId === undefined) return FORBIDDEN;
  if (!body) return TOO_LARGE;
  const verdict = authorize(api, request, { connectionId, body });
  const call = { connectionId, method: request.method ?? "", body };
  if ("principal" in verdict) return callConnection(api, { ...call, caller: callerOf(verdict) });
  observeCall(api, call, verdict);
  return verdict;
}

interface ConnectionCall {
  readonly connectionId: string;
  readonly method: string;
  readonly body: Buffer;
  /** See `PushedEvent`. */
  readonly caller?: string | undefined;
}

const callerOf = ({ principal }: AllowedRequest): string | undefined =>
  principal && (principal.roleAddress ?? "developer");

/** Answers a request to `@connections` that is authorized. */
export function callConnection(api: Api, call: ConnectionCall): ManagementResponse {
  const response = answerTo(api, call);
  observeCall(api, call, response);
  return response;
}

function observeCall(
  api: Api,
  { connectionId, method, body, caller }: ConnectionCall,
  { status }: ManagementResponse,
): void {
  api.observe?.({
    kind: "pushed",
    connectionId,
    method,
    status,
    caller,
    text: method === "POST" ? body.toString() : undefined,
  });
}

function answerTo(api: Api, { connectionId, method, body }: ConnectionCall): ManagementResponse {
  if (!api.throttle.admitsManagementCall()) return TOO_MANY;
  if (!isId(connectionId)) {
    const message = JSON.stringify({ message: `Invalid connectionId: ${connectionId}` });
    return { status: 400, errorType: "BadRequestException", body: message };
  }
  const connection = api.connections.get(connectionId);
  return connection ? execute(api, connection, { method, body }) : GONE;
}

/** Decodes the end of the path, because SDKs send `=` as `%3D` (MG-03). Undefined if the path has another form. */
function connectionIdOf({ stage }: Api, { url = "" }: IncomingMessage): string | undefined {
  const [path = ""] = url.split("?");
  const [, stageName, connections, ...rest] = path.split("/");
  if (stageName !== stage.name || (connections !== "@connections" && connections !== "%40connections"))
    return undefined;
  try {
    return decodeURIComponent(rest.join("/"));
  } catch {
    return rest.join("/");
  }
}

function authorize(
  api: Api,
  { method = "", url = "", headers }: IncomingMessage,
  { connectionId, body }: { readonly connectionId: string; readonly body: Buffer },
): AllowedRequest | ManagementResponse {
  const resource = `${api.stage.executionArn}/${method}/@connections/${connectionId}`;
  const access = { action: "execute-api:ManageConnections", resource };
  const verdict = api.guard({ method, path: url, headers, body }, [access]);
  if ("principal" in verdict) return verdict;
  return { status: 403, errorType: verdict.errorType, body: denialBody(verdict) };
}

function execute(
  api: Api,
  connection: OpenConnection,
  { method, body }: Pick<ConnectionCall, "method" | "body">,
): ManagementResponse {
  switch (method) {
    case "POST":
      return post(api, connection, body);
    case "GET":
      return { status: 200, body: describe(connection) };
    case "DELETE":
      void api.contain("close a connection", () => closeConnection(api, connection.id, DELETED));
      return { status: 204 };
    default:
      return FORBIDDEN;
  }
}

function post(api: Api, connection: OpenConnection, body: Buffer): ManagementResponse {
  if (body.length > POST_BYTES_MAX) return TOO_LARGE;
  // Limits the memory that a client takes up if it does not read (MG-26).
  if (isFull(connection)) return TOO_MANY;
  send(connection, body.toString(), api.now());
  return { status: 200 };
}

/** The whitespace is that of AWS. The user agent is `null` if the client sent none. */
const describe = ({ sourceIp, userAgent, connectedAt, lastActiveAt }: OpenConnection): string => `{
  "identity" : {
    "sourceIp" : ${JSON.stringify(sourceIp)},
    "userAgent" : ${JSON.stringify(userAgent ?? null)}
  },
  "connectedAt" : "${new Date(connectedAt).toISOString()}",
  "lastActiveAt" : "${new Date(lastActiveAt).toISOString()}"
}`;
