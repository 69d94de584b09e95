import { isLambda, now } from "../runtime.ts";
import { type ClientLimits, type Headers, type HttpClient, type HttpRequest, httpClient } from "./http-client.ts";
import { type Scope, signer } from "./signature.ts";

export interface SignedService extends Omit<Scope, "host" | "now"> {
  /** The base URL of all requests. */
  readonly endpoint: string;
}

export interface RequestOptions extends Pick<HttpRequest, "path"> {
  readonly method?: HttpRequest["method"];
  /** Signed headers. The names must be in lower case. */
  readonly headers?: Headers;
  readonly body?: string;
  /** Headers that are not signed, because proxies can change them. The names must be in lower case. */
  readonly unsignedHeaders?: Headers;
}

export interface AwsResponse {
  readonly status: number;
  /** The name of the error, if AWS returns one. */
  readonly errorType: string | undefined;
  readonly body: Buffer;
}

const NO_HEADERS: Headers = {};

/**
 * `connections` is the highest number of pushes that a function has in flight. A client that does not read can delay its
 * push (rule MG-31 in docs/api-gateway-rules.md), so a function waits three seconds at most, and as long to connect.
 */
const LIMITS: ClientLimits = { connections: 128, responseMilliseconds: 3_000 };

/** Every port of a function that calls an origin shares its connections. */
const clients = new Map<string, HttpClient>();

function clientOf(origin: string): HttpClient {
  const client = clients.get(origin) ?? httpClient(origin, LIMITS);
  clients.set(origin, client);
  return client;
}

/** Opens a connection while a function starts, when it has a full core. For functions that will certainly use it. */
export async function connectInAdvance(endpoint: string): Promise<void> {
  if (isLambda()) await clientOf(new URL(endpoint).origin).warmUp();
}

/**
 * Sends requests to one AWS service, signed with Signature Version 4. A request without a response is rejected. The SDK's
 * client builds a middleware stack for each call, which takes several times as much CPU.
 */
export function signedRequests({ endpoint, ...scope }: SignedService) {
  const { origin, host, pathname } = new URL(endpoint);
  const base = pathname.replace(/\/$/, "");
  const sign = signer({ ...scope, host, now });
  const client = clientOf(origin);
  return async (options: RequestOptions): Promise<AwsResponse> => {
    const { method = "POST", path, headers = NO_HEADERS, body = "", unsignedHeaders } = options;
    const request = { method, path: base + path, headers, body };
    const signed = sign(request);
    const response = await client.send({
      ...request,
      headers: unsignedHeaders ? { ...unsignedHeaders, ...signed } : signed,
    });
    const { status, header } = response;
    const errorType = status < 300 ? undefined : header("x-amzn-errortype")?.split(":")[0];
    return { status, errorType, body: response.body };
  };
}
