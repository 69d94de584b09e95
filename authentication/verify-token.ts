import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { lookOf } from "../chat/name-look.ts";
import { CHAT_OPS, isUser } from "../chat/user.ts";
import type { Identity, TokenRules } from "./identity.ts";

/** Tolerance for different clocks: a token is accepted for this long after it has expired. */
export const SKEW_SECONDS = 30;

/** Asymmetric only: with `none` or a shared secret, anybody who knows the public key could create tokens. */
const ALGORITHMS = ["RS256", "ES256"];

/** The errors that mean an invalid token. All others are faults of this code or of the issuer. */
const TOKEN_ERRORS = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

export interface VerificationPorts {
  readonly keys: JWTVerifyGetKey;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Checks signature, issuer and times of a token. Returns its claims, or the reason why it is invalid. Rejects if the check
 * is impossible, for example because the issuer is unreachable.
 */
export async function verifyToken(
  token: string,
  { issuer }: TokenRules,
  { keys, now }: VerificationPorts,
): Promise<{ readonly claims: JWTPayload } | { readonly fault: string }> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      algorithms: ALGORITHMS,
      clockTolerance: SKEW_SECONDS,
      currentDate: new Date(now()),
      requiredClaims: ["exp"],
    });
    return { claims: payload };
  } catch (fault) {
    if (!TOKEN_ERRORS.some((type) => fault instanceof type)) throw fault;
    const { code, claim } = fault as errors.JOSEError & { readonly claim?: string };
    return { fault: claim ? `${code} ${claim}` : code };
  }
}

/** Reads the identity from the claims of a verified token, or returns the claim that makes the token unusable. */
export function identityInClaims(
  claims: JWTPayload,
  rules: TokenRules,
): Identity | { readonly fault: "audience" | "user" } {
  if (!hasAudience(claims, rules)) return { fault: "audience" };
  const user = claims[rules.userClaim];
  if (typeof user !== "string" || !isUser(user) || lookOf(user) === lookOf(CHAT_OPS)) return { fault: "user" };
  const { name, exp } = claims;
  return {
    user,
    groups: stringsIn(claims[rules.groupsClaim]),
    ...(typeof name === "string" && { name }),
    // Includes the tolerance: otherwise a connection with an accepted token could close immediately.
    ...(rules.closeAtExpiry && exp !== undefined && { expiresAt: (exp + SKEW_SECONDS) * 1000 }),
  };
}

/** Cognito: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
function hasAudience({ aud, client_id, token_use }: JWTPayload, { kind, audience }: TokenRules): boolean {
  const accepted = [audience].flat();
  if (kind === "cognito") return accepted.some((client) => client === client_id) && token_use === "access";
  return [aud].flat().some((each) => each !== undefined && accepted.includes(each));
}

const stringsIn = (claim: unknown): string[] =>
  [claim].flat().filter((group): group is string => typeof group === "string");
