import { createHmac, hash } from "node:crypto";

/** Who signs. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What is alike in all requests of one caller to one service. */
export interface Scope {
  /** As it stands in signatures. */
  readonly service: "execute-api" | "lambda";
  readonly region: string;
  /** As the Host header has it. */
  readonly host: string;
  /** Sent and signed with each request. Names are in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Unsigned {
  readonly method: "POST" | "DELETE" | "GET";
  /** As it is sent: encoded, and without a query. */
  readonly path: string;
  readonly body: string;
}

/** Gives all headers to send but Host, which the connection knows. `now`: in epoch milliseconds. */
export type Sign = (
  request: Unsigned,
  by: { readonly credentials: Credentials; readonly now: number },
) => Readonly<Record<string, string>>;

/** All of a signature that is the same within a second. */
interface Stamp {
  readonly second: number;
  readonly credentials: Credentials;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the canonical request: what stands between the path and the body's hash. */
  readonly canonical: string;
  /** Gives the signature, by the hash of the canonical request. */
  readonly sign: (requestHash: string) => string;
  /** The header, up to the signature. */
  readonly authorization: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Signs with Signature Version 4. A fan-out signs almost the same thousands of times a second: keys and headers are made
 * once in a second, and a request takes no more than two hashes and an HMAC.
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

/** By value: who gives them may give a copy each time. */
const isSame = (one: Credentials, other: Credentials): boolean =>
  one.accessKeyId === other.accessKeyId &&
  one.secretAccessKey === other.secretAccessKey &&
  one.sessionToken === other.sessionToken;

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** In bytes, of SHA-256. */
const [BLOCK, DIGEST] = [64, 32];

/**
 * The HMAC of texts that begin alike and end with a hash in hex, written out with two plain hashes: Node's own takes
 * twice as long, and leaves an object behind for each. https://datatracker.ietf.org/doc/html/rfc2104
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

/** A path is signed encoded once more than it is sent (MG-04). `encodeURIComponent` leaves more as it is than RFC 3986. */
const encodedAgain = (path: string): string =>
  encodeURIComponent(path)
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
