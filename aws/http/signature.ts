import { createHmac, hash } from "node:crypto";
import { now } from "../runtime.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What all requests of one caller to one service have in common. */
export interface Scope {
  /** The service's name in signatures. */
  readonly service: "execute-api" | "lambda";
  readonly region: string;
  /** The value of the Host header. */
  readonly host: string;
  /** Sent and signed with each request. The names must be in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface UnsignedRequest {
  readonly method: "POST" | "DELETE" | "GET";
  /** Percent-encoded, without a query string. */
  readonly path: string;
  readonly body: string;
}

/** Returns all headers of a request except Host, which the HTTP client adds. `now` is in epoch milliseconds. */
export type Sign = (
  request: UnsignedRequest,
  by: { readonly credentials: Credentials; readonly now: number },
) => Readonly<Record<string, string>>;

/** The parts of a signature that stay the same within a second. */
interface Stamp {
  readonly second: number;
  readonly credentials: Credentials;
  readonly headers: Readonly<Record<string, string>>;
  /** The part of the canonical request between the path and the hash of the body. */
  readonly canonical: string;
  /** Signs the hash of a canonical request. */
  readonly sign: (requestHash: string) => string;
  /** The Authorization header up to the signature. */
  readonly authorization: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Signs requests with Signature Version 4. A fan-out signs thousands of similar requests a second, so keys and headers are
 * computed once a second. A request then costs two hashes and an HMAC.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signer(scope: Scope): Sign {
  let stamp: Stamp | undefined;
  return ({ method, path, body }, { credentials, now }) => {
    const second = Math.floor(now / 1000);
    if (stamp?.second !== second || !isSame(stamp.credentials, credentials))
      stamp = stampOf(scope, credentials, second);
    const { headers, canonical, sign, authorization } = stamp;
    const request = `${method}\n${encodedAgain(path)}${canonical}${hash("sha256", body)}`;
    return { ...headers, authorization: authorization + sign(hash("sha256", request)) };
  };
}

function stampOf({ service, region, host, headers = {} }: Scope, credentials: Credentials, second: number): Stamp {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = new Date(second * 1000).toISOString().replace(/[:-]|\.000/g, "");
  const steps = [time.slice(0, 8), region, service, "aws4_request"];
  const sent = { ...headers, "x-amz-date": time, ...(sessionToken && { "x-amz-security-token": sessionToken }) };
  const signed = Object.entries({ ...sent, host }).sort(([one], [other]) => (one < other ? -1 : 1));
  const names = signed.map(([name]) => name).join(";");
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join("");
  return {
    second,
    credentials,
    headers: sent,
    canonical: `\n\n${lines}\n${names}\n`,
    sign: hmacWith(
      steps.reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`)),
      `${ALGORITHM}\n${time}\n${steps.join("/")}\n`,
    ),
    authorization: `${ALGORITHM} Credential=${[accessKeyId, ...steps].join("/")}, SignedHeaders=${names}, Signature=`,
  };
}

/** Compares values: a credential provider can return a copy each time. */
const isSame = (one: Credentials, other: Credentials): boolean =>
  one.accessKeyId === other.accessKeyId &&
  one.secretAccessKey === other.secretAccessKey &&
  one.sessionToken === other.sessionToken;

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** SHA-256, in bytes. */
const BLOCK = 64;
const DIGEST = 32;

/**
 * The HMAC of texts with the same start and a hash in hex at the end, built from two plain hashes: Node's HMAC takes twice
 * as long and allocates an object for each text. https://datatracker.ietf.org/doc/html/rfc2104
 */
function hmacWith(key: Buffer, start: string): (end: string) => string {
  const padded = (pad: number): Buffer => Buffer.alloc(BLOCK).map((_, at) => (key[at] ?? 0) ^ pad) as Buffer;
  const inner = Buffer.concat([padded(0x36), Buffer.from(start), Buffer.alloc(2 * DIGEST)]);
  const outer = Buffer.concat([padded(0x5c), Buffer.alloc(DIGEST)]);
  return (end) => {
    inner.write(end, inner.length - 2 * DIGEST, "latin1");
    outer.write(hash("sha256", inner, "base64"), BLOCK, "base64");
    return hash("sha256", outer);
  };
}

/**
 * A signature uses the path encoded a second time: rule MG-04 in docs/api-gateway-rules.md. `encodeURIComponent` leaves
 * characters that RFC 3986 encodes.
 */
const encodedAgain = (path: string): string =>
  encodeURIComponent(path)
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

export interface SignedService extends Omit<Scope, "host"> {
  /** The base URL of all requests. */
  readonly endpoint: string;
  /** Called before each request. The provider renews expired credentials. */
  readonly credentials: () => Promise<Credentials>;
}

export interface RequestOptions extends Pick<UnsignedRequest, "path"> {
  readonly method?: UnsignedRequest["method"];
  readonly body?: string;
  /** Headers that are not signed, because proxies can change them. The names must be in lower case. */
  readonly unsignedHeaders?: Readonly<Record<string, string>>;
}

export interface AwsResponse {
  readonly status: number;
  /** The name of the error, if AWS returns one. */
  readonly errorType: string | undefined;
}

/** Sends signed requests. Rejects if there is no response. */
export type Transport = (origin: string) => (request: SignedRequest) => Promise<AwsResponse>;

export interface SignedRequest extends UnsignedRequest {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends requests to one AWS service, signed with Signature Version 4. It takes a tenth of the CPU of the SDK's client, which
 * builds a middleware stack for each call.
 */
export function signedRequests({ endpoint, credentials, ...scope }: SignedService, transport: Transport) {
  const { origin, host, pathname } = new URL(endpoint);
  const base = pathname.replace(/\/$/, "");
  const sign = signer({ ...scope, host });
  const send = transport(origin);
  return async ({ method = "POST", path, body = "", unsignedHeaders }: RequestOptions): Promise<AwsResponse> => {
    const request = { method, path: base + path, body };
    const signed = sign(request, { credentials: await credentials(), now: now() });
    return send({ ...request, headers: unsignedHeaders ? { ...unsignedHeaders, ...signed } : signed });
  };
}
