import { createHmac, hash } from "node:crypto";
import type { Credentials } from "../runtime.ts";
import type { Headers, HttpRequest } from "./http-client.ts";

/** What all requests of one caller to one service have in common. */
export interface Scope {
  /** The service's name in signatures. */
  readonly service: "execute-api" | "lambda" | "dynamodb" | "events";
  readonly region: string;
  /** The value of the Host header. */
  readonly host: string;
  /** Called once for each second with requests, so renewed credentials are used a second later at most. */
  readonly credentials: () => Credentials;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Returns all headers of a request except Host, which the HTTP client adds. The headers of the request are signed. Requests
 * whose headers are the same object share a part of the signature. The path must not have a query string.
 */
export type Sign = (request: HttpRequest) => Headers;

/** The parts of a signature that stay the same for a second. */
interface Second {
  readonly second: number;
  readonly credentials: Credentials;
  /** By the headers of the requests. */
  readonly stamps: Map<Headers, Stamp>;
}

/** The parts of a signature that stay the same for a second and the same headers. */
interface Stamp {
  readonly headers: Headers;
  /** The part of the canonical request between the path and the hash of the body. */
  readonly canonical: string;
  /** Signs the hash of a canonical request. */
  readonly sign: (requestHash: string) => string;
  /** The Authorization header up to the signature. */
  readonly authorization: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Signs requests with Signature Version 4. A fan-out signs thousands of similar requests a second, so headers are computed
 * once a second, and keys once a day. A request then costs two hashes and an HMAC.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signer(scope: Scope): Sign {
  const keyOf = signingKeys(scope);
  let current: Second | undefined;
  return ({ method, path, headers: own, body }) => {
    const second = Math.floor(scope.now() / 1000);
    if (current?.second !== second) current = { second, credentials: scope.credentials(), stamps: new Map() };
    let stamp = current.stamps.get(own);
    if (!stamp) {
      stamp = stampOf(scope, current, { headers: own, keyOf });
      current.stamps.set(own, stamp);
    }
    const { headers, canonical, sign, authorization } = stamp;
    const request = `${method}\n${encodedAgain(path)}${canonical}${hash("sha256", body)}`;
    return { ...headers, authorization: authorization + sign(hash("sha256", request)) };
  };
}

interface StampOptions {
  readonly headers: Headers;
  readonly keyOf: SigningKeys;
}

function stampOf({ service, region, host }: Scope, { second, credentials }: Second, own: StampOptions): Stamp {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = new Date(second * 1000).toISOString().replace(/[:-]|\.000/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const sent = { ...own.headers, "x-amz-date": time, ...(sessionToken && { "x-amz-security-token": sessionToken }) };
  const signed = Object.entries({ ...sent, host }).sort(([one], [other]) => (one < other ? -1 : 1));
  const names = signed.map(([name]) => name).join(";");
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join("");
  return {
    headers: sent,
    canonical: `\n\n${lines}\n${names}\n`,
    sign: hmacWith(own.keyOf(day, secretAccessKey), `${ALGORITHM}\n${time}\n${scope}\n`),
    authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=`,
  };
}

type SigningKeys = (day: string, secretAccessKey: string) => Buffer;

/** Derives the key of a day, and keeps it until the day or the secret changes. */
function signingKeys({ region, service }: Scope): SigningKeys {
  let last: { readonly day: string; readonly secretAccessKey: string; readonly key: Buffer } | undefined;
  return (day, secretAccessKey) => {
    if (last?.day !== day || last.secretAccessKey !== secretAccessKey) {
      const steps = [day, region, service, "aws4_request"];
      last = { day, secretAccessKey, key: steps.reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`)) };
    }
    return last.key;
  };
}

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
