import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/*
 * Verification of Signature Version 4. aws4 cannot verify: it chooses the headers to sign, and a verifier must use the
 * headers that were signed. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */

/** A request as received. */
export interface SignedRequest {
  readonly method: string;
  /** With its query string. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string | Buffer;
}

/** The fields of a signature. */
export interface Signature {
  readonly accessKeyId: string;
  /** `20260816` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260816T120427Z` */
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
  /** Only for a signature in the query string. */
  readonly expiresSeconds: number | undefined;
}

const PREFIX = "AWS4-HMAC-SHA256 ";
const TIMESTAMP = /^\d{8}T\d{6}Z$/;

/** Reads the signature in the header or in the query string. */
export function readSignature({ headers, path }: SignedRequest): Signature | "missing" | "incomplete" {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const fields = fieldsOf(authorization);
    // An expiry is only valid in a query string. In a header, the signature would not cover it.
    const inHeaders: Readonly<Record<string, unknown>> = {
      Date: headers["x-amz-date"],
      "Security-Token": headers["x-amz-security-token"],
    };
    return signatureOf((name) => fields.get(name) ?? inHeaders[name]) ?? "incomplete";
  }
  const query = queryOf(path);
  if (!query.has("X-Amz-Algorithm") && !query.has("X-Amz-Signature")) return "missing";
  return signatureOf((name) => query.get(`X-Amz-${name}`)) ?? "incomplete";
}

/** The fields of the Authorization header. The other values are in headers of their own. */
const FIELDS = ["Credential", "SignedHeaders", "Signature"];

type Read = (name: string) => unknown;

function signatureOf(read: Read): Signature | undefined {
  const [accessKeyId, date, region, service, terminal] = text(read("Credential")).split("/");
  const [signedHeaders, signature, timestamp] = [read("SignedHeaders"), read("Signature"), read("Date")].map(text);
  if (!accessKeyId || !date || !region || !service || terminal !== "aws4_request") return undefined;
  if (!signedHeaders || !signature || !timestamp?.startsWith(date) || !TIMESTAMP.test(timestamp)) return undefined;
  const expires = read("Expires");
  return {
    ...{ accessKeyId, date, region, service, signature, timestamp },
    signedHeaders: signedHeaders.split(";"),
    sessionToken: text(read("Security-Token")) || undefined,
    expiresSeconds: expires ? Number(expires) : undefined,
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** `Credential=…, SignedHeaders=…, Signature=…` */
function fieldsOf(authorization: string): ReadonlyMap<string, string> {
  if (!authorization.startsWith(PREFIX)) return new Map();
  const fields = authorization.slice(PREFIX.length).split(",");
  const entries = fields.map((field) => field.trim().split(/=(.*)/s, 2) as [string, string]);
  return new Map(entries.filter(([name]) => FIELDS.includes(name)));
}

/**
 * Returns the correct signature, and the two strings that AWS includes in the error for a wrong one (rule MG-25 in
 * docs/api-gateway-rules.md).
 */
export function sign(request: SignedRequest, signature: Signature, signingKey: Buffer) {
  const { timestamp, date, region, service } = signature;
  const canonicalRequest = canonicalize(request, signature);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const stringToSign = `${PREFIX.trim()}\n${timestamp}\n${scope}\n${sha256(canonicalRequest)}`;
  return { canonicalRequest, stringToSign, signature: hmac(signingKey, stringToSign).toString("hex") };
}

type Scope = Pick<Signature, "date" | "region" | "service">;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key */
const signingKeyOf = (secretAccessKey: string, { date, region, service }: Scope): Buffer =>
  [date, region, service, "aws4_request"].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));

/** Keeps the last signing key of each secret, because deriving one takes longer than the rest of a verification. */
export class SigningKeys {
  readonly #last = new Map<string, Scope & { readonly key: Buffer }>();

  of(secretAccessKey: string, { date, region, service }: Scope): Buffer {
    const last = this.#last.get(secretAccessKey);
    if (last?.date === date && last.region === region && last.service === service) return last.key;
    const key = signingKeyOf(secretAccessKey, { date, region, service });
    this.#last.set(secretAccessKey, { date, region, service, key });
    return key;
  }
}

function canonicalize(request: SignedRequest, { signedHeaders, expiresSeconds }: Signature): string {
  const { method, path, headers, body } = request;
  const [pathname = "/"] = path.split("?");
  const lines = signedHeaders.map((name) => `${name}:${collapse(headers[name])}\n`);
  const declared = text(headers["x-amz-content-sha256"]);
  // Only a signature in the query string can exclude the body.
  const mayOmit = declared === "UNSIGNED-PAYLOAD" && expiresSeconds !== undefined;
  const bodyHash = mayOmit ? declared : sha256(body);
  return [method, encodePath(pathname), canonicalQuery(path), lines.join(""), signedHeaders.join(";"), bodyHash].join(
    "\n",
  );
}

/** Each segment of the received path is encoded again, so that `%3D` becomes `%253D` (MG-04). */
const encodePath = (pathname: string): string => pathname.split("/").map(encode).join("/");

const canonicalQuery = (path: string): string =>
  [...queryOf(path)]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map((pair) => pair.join("="))
    .join("&");

/** Compares by code unit, not by locale. */
const compare = (left: string, right: string): number => Number(left > right) - Number(left < right);

/** The query string begins after the first question mark. Further ones are part of a value, and are signed too. */
const queryOf = (path: string): URLSearchParams =>
  new URLSearchParams(path.slice(path.indexOf("?") + 1 || path.length).replaceAll("+", "%2B"));

const encode = (value: string): string =>
  encodeURIComponent(value).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

const collapse = (value: string | readonly string[] | undefined): string =>
  [value ?? ""].flat().join(",").trim().replaceAll(/ +/g, " ");

const sha256 = (value: string | Buffer): string => createHash("sha256").update(value).digest("hex");

const hmac = (key: string | Buffer, value: string): Buffer => createHmac("sha256", key).update(value).digest();
