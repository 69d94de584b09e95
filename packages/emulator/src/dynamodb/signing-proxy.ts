import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import aws4 from "aws4";
import type { AllowsHost } from "../callers.ts";
import { close, LOOPBACK, listen, readBody } from "../http-server.ts";
import type { DynamodbError, DynamodbGuard } from "./guard.ts";

export interface SigningProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Upstream {
  readonly url: string;
  readonly client: DynamoDBClient;
  /** The hosts of requests that the proxy answers. */
  readonly allowsHost: AllowsHost;
  /** Aborts requests that are still running when the proxy stops, which would keep the process running. */
  readonly signal: AbortSignal;
}

interface ProxyResponse {
  readonly status: number;
  readonly body: string;
}

/**
 * Forwards requests to an external DynamoDB, signed with the credentials of its client. Functions do not receive these
 * credentials. Requests that the guard rejects are not forwarded.
 */
export async function startSigningProxy(target: Omit<Upstream, "signal">, guard: DynamodbGuard): Promise<SigningProxy> {
  const stopping = new AbortController();
  const upstream = { ...target, signal: stopping.signal };
  const server = createServer((request, response) => {
    void respond(request, upstream, guard)
      .catch(failure)
      .then((result) => write(result, response));
  });
  const port = await listen(server, 0, target.allowsHost);
  return {
    url: `http://${LOOPBACK}:${port}`,
    stop() {
      stopping.abort();
      return close(server);
    },
  };
}

async function respond(request: IncomingMessage, upstream: Upstream, guard: DynamodbGuard): Promise<ProxyResponse> {
  const { headers } = request;
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  const error = guard({ headers, body });
  if (error) return { status: 400, body: JSON.stringify(error) };
  return forward({ headers, body: body.toString() }, upstream);
}

async function forward(
  { headers, body }: { readonly headers: IncomingMessage["headers"]; readonly body: string },
  { url, client: { config }, signal }: Upstream,
): Promise<ProxyResponse> {
  const { "content-type": contentType, "x-amz-target": target } = headers;
  const signed = aws4.sign(
    {
      service: "dynamodb",
      region: await config.region(),
      host: new URL(url).host,
      method: "POST",
      path: "/",
      body,
      headers: { "Content-Type": contentType, "X-Amz-Target": target },
    },
    await config.credentials(),
  );
  // fetch sets these two headers itself.
  const { Host, "Content-Length": length, ...own } = signed.headers as Record<string, string>;
  const response = await fetch(url, { method: "POST", body, headers: own, signal });
  return { status: response.status, body: await response.text() };
}

function write({ status, body }: ProxyResponse, response: ServerResponse): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(body);
}

/** A 500, which the SDK retries. */
function failure({ message }: Error): ProxyResponse {
  const error: DynamodbError = { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message };
  return { status: 500, body: JSON.stringify(error) };
}
