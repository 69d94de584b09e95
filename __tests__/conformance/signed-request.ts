import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { buffer } from "node:stream/consumers";
import aws4, { type Credentials } from "aws4";

export interface SignedRequest {
  readonly method?: string;
  readonly body?: string | Buffer;
  /** Null sends the request unsigned. */
  readonly credentials: Credentials | null;
  readonly region: string;
  /** The service in the signature (`execute-api`). */
  readonly service?: string;
  /** The time of the signature, in epoch milliseconds. */
  readonly now?: number;
}

export interface Response {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request with exactly this path. `fetch` and the SDK would normalize it. */
export async function send(url: string, request: SignedRequest): Promise<Response> {
  const { protocol, host, hostname, port } = new URL(url);
  const { method = "GET", body = "", credentials } = request;
  const path = url.slice(url.indexOf(host) + host.length);
  const signed = { service: "execute-api", ...request, host, path, method, body: "", headers: headersOf(request) };
  if (credentials) aws4.sign(signed, credentials);
  const { request: open } = protocol === "https:" ? https : http;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    open({ method, hostname, port, path, headers: signed.headers }, resolve).on("error", reject).end(body);
  });
  const { statusCode = 0, headers } = response;
  return { status: statusCode, headers, body: String(await buffer(response)) };
}

/** With the hash of the body as a header, aws4 needs no body and adds no content type (MG-05). */
const headersOf = ({ body = "", now }: SignedRequest): http.OutgoingHttpHeaders => ({
  "Content-Length": Buffer.byteLength(body),
  "X-Amz-Content-Sha256": createHash("sha256").update(body).digest("hex"),
  ...(now !== undefined && { "X-Amz-Date": new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, "") }),
});
