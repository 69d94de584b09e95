import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import aws4 from "aws4";
import { close, LOOPBACK, listen } from "../listen.ts";

export interface Forwarder {
  readonly url: string;
  stop(): Promise<void>;
}

/** Passes requests on to the DynamoDB of a client, signed as that client signs: functions hold no credentials of a person's. */
export async function startForwarder(client: DynamoDBClient, upstream: string): Promise<Forwarder> {
  const server = createServer((request, response) => {
    forward(request, client, upstream).then(
      (answer) => pass(answer, response),
      (fault) => refuse(fault, response),
    );
  });
  const port = await listen(server, 0);
  return { url: `http://${LOOPBACK}:${port}`, stop: () => close(server) };
}

async function forward(request: IncomingMessage, { config }: DynamoDBClient, upstream: string): Promise<Response> {
  const body = await text(request);
  const { "content-type": contentType, "x-amz-target": target } = request.headers;
  const signed = aws4.sign(
    {
      service: "dynamodb",
      region: await config.region(),
      host: new URL(upstream).host,
      method: "POST",
      path: "/",
      body,
      headers: { "Content-Type": contentType, "X-Amz-Target": target },
    },
    await config.credentials(),
  );
  // fetch sets these two by itself.
  const { Host, "Content-Length": length, ...headers } = signed.headers as Record<string, string>;
  return fetch(upstream, { method: "POST", body, headers });
}

async function pass(answer: Response, response: ServerResponse): Promise<void> {
  const body = await answer.text();
  response.writeHead(answer.status, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(body);
}

/** A 500, which the SDK tries again. */
function refuse(fault: Error, response: ServerResponse): void {
  response.writeHead(500, { "Content-Type": "application/x-amz-json-1.0" });
  response.end(
    JSON.stringify({ __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message: fault.message }),
  );
}
