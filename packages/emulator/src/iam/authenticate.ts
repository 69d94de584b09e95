import { timingSafeEqual } from "node:crypto";
import type { Stack } from "../terraform/stack.ts";
import { assumedRole, developer, type Principal } from "./principal.ts";
import { readSignature, type Signature, type SignedRequest, SigningKeys, sign } from "./signature.ts";

/** The service that verifies requests, and the principals that can sign them. */
export interface VerificationOptions {
  /** The name of the service in signatures: `execute-api`, `dynamodb`, `lambda`. */
  readonly service: string;
  readonly region: string;
  readonly principals: readonly Principal[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How far `now` is ahead of the system time, in milliseconds; default: not at all. */
  readonly movedBy?: () => number;
  /** Keys of earlier requests. */
  readonly signingKeys?: SigningKeys;
}

/** AWS's error type, and the message for the caller. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
export interface RequestError {
  readonly errorType: string;
  readonly message: string;
}

/** The largest difference between the clocks of a caller and of the service. */
const SKEW_MILLISECONDS_MAX = 5 * 60_000;

/** The longest validity of a signature in a query string. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
const EXPIRES_SECONDS_MAX = 604_800;

const missing = (service: string): RequestError => ({
  errorType: "MissingAuthenticationTokenException",
  // DynamoDB has its own message.
  message: `${service === "dynamodb" ? "Request is missing" : "Missing"} Authentication Token`,
});
const INCOMPLETE: RequestError = {
  errorType: "IncompleteSignatureException",
  message:
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
};
const UNKNOWN: RequestError = {
  errorType: "UnrecognizedClientException",
  message: "The security token included in the request is invalid.",
};

/** Returns the principal that signed a request, or the error of its signature. */
export function authenticate(
  request: SignedRequest,
  options: VerificationOptions,
): { readonly principal: Principal } | RequestError {
  const signature = readSignature(request);
  if (signature === "missing") return missing(options.service);
  if (signature === "incomplete") return INCOMPLETE;
  const principal = options.principals.find(({ credentials }) => credentials.accessKeyId === signature.accessKeyId);
  if (!principal || !equal(principal.credentials.sessionToken ?? "", signature.sessionToken ?? "")) return UNKNOWN;
  const problem = scopeProblem(signature, options);
  if (problem) return { errorType: "InvalidSignatureException", message: problem };
  const { signingKeys = new SigningKeys() } = options;
  const expected = sign(request, signature, signingKeys.of(principal.credentials.secretAccessKey, signature));
  return equal(expected.signature, signature.signature) ? { principal } : mismatch(expected);
}

function scopeProblem(signature: Signature, options: VerificationOptions): string | undefined {
  const { service, region, signedHeaders, expiresSeconds = 0 } = signature;
  if (service !== options.service) return `Credential should be scoped to correct service: '${options.service}'. `;
  if (region !== options.region) return "Credential should be scoped to a valid region. ";
  // Without the host, a signature for one host would be valid on every other host.
  if (!signedHeaders.includes("host")) {
    return "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
  }
  if (!(expiresSeconds >= 0)) return "X-Amz-Expires should be a number";
  if (expiresSeconds > EXPIRES_SECONDS_MAX) {
    return `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${EXPIRES_SECONDS_MAX} seconds`;
  }
  return timeProblem(signature, options);
}

/**
 * Checks the time of a signature. The message contains the compared times, as in AWS. If the time was moved, callers outside
 * of the emulator sign with the system time, and so do SDKs, because they adopt the time in the `Date` header of responses.
 * The lifetime of a presigned URL passes with the emulated time.
 */
function timeProblem({ timestamp, expiresSeconds }: Signature, options: VerificationOptions): string | undefined {
  const { movedBy = () => 0 } = options;
  const now = options.now();
  const signedAt = Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
  const life = expiresSeconds === undefined ? SKEW_MILLISECONDS_MAX + movedBy() : expiresSeconds * 1000;
  if (!(signedAt >= now - life)) {
    return `Signature expired: ${timestamp} is now earlier than ${basic(now - life)} (${basic(now)} - ${life / 60_000} min.)`;
  }
  if (signedAt <= now + SKEW_MILLISECONDS_MAX) return undefined;
  return `Signature not yet current: ${timestamp} is still later than ${basic(now + SKEW_MILLISECONDS_MAX)} (${basic(now)} + 5 min.)`;
}

/** `20260816T120427Z` */
const basic = (epochMilliseconds: number): string =>
  new Date(epochMilliseconds).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");

const mismatch = ({ canonicalRequest, stringToSign }: ReturnType<typeof sign>): RequestError => ({
  errorType: "InvalidSignatureException",
  message: [
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    `The Canonical String for this request should have been\n'${canonicalRequest}'`,
    `The String-to-Sign should have been\n'${stringToSign}'\n`,
  ].join("\n\n"),
});

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The principals that can sign requests: the role session of each function, and the developer. */
export interface Principals {
  /** By the name of the function. */
  readonly functions: ReadonlyMap<string, Principal>;
  readonly all: readonly Principal[];
}

/**
 * Throws if the role of a function is not in the stack. A function keeps the credentials that it has in `known`, because
 * its environments continue to use them.
 */
export function principalsOf({ functions, roles, accountId }: Stack, known?: Principals): Principals {
  const sessions = functions.map(({ name, roleArn }) => {
    const role = roles.get(roleArn);
    if (!role)
      throw new Error(
        `The function ${name} has the role ${roleArn}, which is not in the stack. Add the role to the stack, or start with --no-iam.`,
      );
    const { credentials } = known?.functions.get(name) ?? {};
    const session = assumedRole(role, { accountId, sessionName: name });
    return [name, credentials ? { ...session, credentials } : session] as const;
  });
  return { functions: new Map(sessions), all: [...sessions.map(([, principal]) => principal), developer(accountId)] };
}
