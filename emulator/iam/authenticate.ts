import { timingSafeEqual } from "node:crypto";
import type { Principal } from "./principal.ts";
import { readSignature, type Signature, type SignedRequest, sign } from "./signature.ts";

/** Where requests are verified, and against whom. */
export interface Gate {
  /** As signatures name it: `execute-api`, `dynamodb`, `lambda`. */
  readonly service: string;
  readonly region: string;
  readonly principals: readonly Principal[];
  /** Epoch milliseconds; of the real clock, since clients sign by theirs. */
  readonly now: () => number;
}

/** AWS's name of a fault, and what it tells the caller. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
export interface Fault {
  readonly errorType: string;
  readonly message: string;
}

/** How far a caller's clock may be off, either way. */
const SKEW_MILLISECONDS_MAX = 5 * 60_000;

const MISSING: Fault = { errorType: "MissingAuthenticationTokenException", message: "Missing Authentication Token" };
const INCOMPLETE: Fault = {
  errorType: "IncompleteSignatureException",
  message:
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
};
const UNKNOWN: Fault = {
  errorType: "UnrecognizedClientException",
  message: "The security token included in the request is invalid.",
};

/** Tells who signed a request, or what is wrong with its signature. */
export function authenticate(request: SignedRequest, gate: Gate): { readonly principal: Principal } | Fault {
  const signature = readSignature(request);
  if (signature === "missing") return MISSING;
  if (signature === "incomplete") return INCOMPLETE;
  const principal = gate.principals.find(({ credentials }) => credentials.accessKeyId === signature.accessKeyId);
  if (!principal || !equal(principal.credentials.sessionToken ?? "", signature.sessionToken ?? "")) return UNKNOWN;
  const fault = faultOf(signature, gate);
  if (fault) return { errorType: "InvalidSignatureException", message: fault };
  const right = sign(request, signature, principal.credentials.secretAccessKey);
  return equal(right.signature, signature.signature) ? { principal } : mismatch(right);
}

function faultOf({ service, region, timestamp, expiresSeconds }: Signature, gate: Gate): string | undefined {
  if (service !== gate.service) return `Credential should be scoped to correct service: '${gate.service}'. `;
  if (region !== gate.region) return "Credential should be scoped to a valid region. ";
  const signedAt = Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
  const age = gate.now() - signedAt;
  const life = expiresSeconds === undefined ? SKEW_MILLISECONDS_MAX : expiresSeconds * 1000;
  if (age <= life && age >= -SKEW_MILLISECONDS_MAX) return undefined;
  const now = new Date(gate.now()).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
  return age > life
    ? `Signature expired: ${timestamp} is now earlier than ${now}`
    : `Signature not yet current: ${timestamp} is still later than ${now}`;
}

const mismatch = ({ canonicalRequest, stringToSign }: ReturnType<typeof sign>): Fault => ({
  errorType: "InvalidSignatureException",
  message: [
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    `The Canonical String for this request should have been\n'${canonicalRequest}'`,
    `The String-to-Sign should have been\n'${stringToSign}'`,
  ].join("\n\n"),
});

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
