import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { isId, newId, newRequestId, newTraceId } from "../ids.ts";
import type { Api } from "./api.ts";
import { type OpenConnection, send } from "./connection.ts";
import { hangUp } from "./disconnect.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html */
const POST_BYTES_MAX = 131_072;

/** What a client closed by DELETE reads (DC-04, MG-08). */
const DELETED = { code: 1000, reason: "Connection Closed Normally" };

interface Answer {
  readonly status: number;
  readonly errorType?: string;
  readonly body?: string;
}

const FORBIDDEN: Answer = { status: 403, errorType: "ForbiddenException", body: `{"message":"Forbidden"}` };
const GONE: Answer = { status: 410, errorType: "GoneException" };
const TOO_LARGE: Answer = {
  status: 413,
  errorType: "PayloadTooLargeException",
  body: `{"message":"Message is larger than ${POST_BYTES_MAX} bytes"}`,
};

/** Answers a request to `/{stage}/@connections/{connectionId}`. */
export async function manageConnection(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, errorType, body = "" } = await answer(api, request);
  response.writeHead(status, {
    ...(status !== 204 && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
    "x-amzn-RequestId": newRequestId(),
    "x-amz-apigw-id": newId(),
    "X-Amzn-Trace-Id": newTraceId(api.now()),
    ...(errorType && { "x-amzn-ErrorType": errorType }),
  });
  response.end(body);
}

async function answer(api: Api, request: IncomingMessage): Promise<Answer> {
  const connectionId = connectionIdOf(api, request);
  if (connectionId === undefined) return FORBIDDEN;
  if (!isId(connectionId)) {
    const body = JSON.stringify({ message: `Invalid connectionId: ${connectionId}` });
    return { status: 400, errorType: "BadRequestException", body };
  }
  const connection = api.connections.get(connectionId);
  if (!connection) return GONE;
  switch (request.method) {
    case "POST":
      return post(api, connection, await buffer(request));
    case "GET":
      return { status: 200, body: describe(connection) };
    case "DELETE":
      void hangUp(api, connectionId, DELETED);
      return { status: 204 };
    default:
      return FORBIDDEN;
  }
}

/** The last part of the path, decoded: SDKs send `=` as `%3D` (MG-03). */
function connectionIdOf({ stageName }: Api, { url = "" }: IncomingMessage): string | undefined {
  const [path = ""] = url.split("?");
  const [, stage, connections, ...rest] = path.split("/");
  if (stage !== stageName || (connections !== "@connections" && connections !== "%40connections")) return undefined;
  try {
    return decodeURIComponent(rest.join("/"));
  } catch {
    return rest.join("/");
  }
}

function post(api: Api, connection: OpenConnection, data: Buffer): Answer {
  if (data.length > POST_BYTES_MAX) return TOO_LARGE;
  send(connection, data.toString(), api.now());
  return { status: 200 };
}

/** Spaced as AWS prints it, with `null` for a client that named no agent. */
const describe = ({ sourceIp, userAgent, connectedAt, lastActiveAt }: OpenConnection): string => `{
  "identity" : {
    "sourceIp" : ${JSON.stringify(sourceIp)},
    "userAgent" : ${JSON.stringify(userAgent ?? null)}
  },
  "connectedAt" : "${new Date(connectedAt).toISOString()}",
  "lastActiveAt" : "${new Date(lastActiveAt).toISOString()}"
}`;
