import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import aws4 from "aws4";
import { readBody } from "../body.ts";
import { close, LOOPBACK, listen } from "../listen.ts";
import type { DynamodbError, DynamodbGuard } from "./guard.ts";

export interface SigningProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Upstream {
  readonly url: string;
  readonly client: DynamoDBClient;
}

interface ProxyResponse {
  readonly status: number;
  readonly body: string;
}

/**
 * Passes requests on to another DynamoDB, signed as its client signs: functions hold no credentials of a person's.
 * What the front refuses goes no further.
 */
export async function startSigningProxy(upstream: Upstream, refusalOf: DynamodbGuard): Promise<SigningProxy> {
  const server = createServer((request, response) => {
    void answer(request, upstream, refusalOf)
      .catch(failure)
      .then((given) => pass(given, response));
  });
  const port = await listen(server, 0);
  return { url: `http://${LOOPBACK}:${port}`, stop: () => close(server) };
}

async function answer(request: IncomingMessage, upstream: Upstream, refusalOf: DynamodbGuard): Promise<ProxyResponse> {
  const { headers } = request;
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  const refusal = refusalOf({ headers, body });
  if (refusal) return { status: 400, body: JSON.stringify(refusal) };
  return forward({ headers, body: body.toString() }, upstream);
}

async function forward(
  { headers, body }: { readonly headers: IncomingMessage["headers"]; readonly body: string },
  { url, client: { config } }: Upstream,
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
  // fetch sets these two by itself.
  const { Host, "Content-Length": length, ...own } = signed.headers as Record<string, string>;
  const response = await fetch(url, { method: "POST", body, headers: own });
  return { status: response.status, body: await response.text() };
}

function pass({ status, body }: ProxyResponse, response: ServerResponse): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(body);
}

/** A 500, which the SDK tries again. */
function failure({ message }: Error): ProxyResponse {
  const error: DynamodbError = { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message };
  return { status: 500, body: JSON.stringify(error) };
}
