import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { SKEW_SECONDS } from "./claims.ts";
import type { TokenRules } from "./rules.ts";

/** Signatures by a public key alone: with `none` or a shared secret, whoever knows the public key could make tokens. */
const ALGORITHMS = ["RS256", "ES256"];

/** What is wrong with a token, rather than with us or its issuer. */
const TOKEN_FAULTS = [
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

export interface Verifying {
  readonly keys: JWTVerifyGetKey;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What a token claims, where the issuer has signed it and it is of now; or a word for what is wrong with it.
 * Rejects where that cannot be told.
 */
export async function verify(
  token: string,
  { issuer }: TokenRules,
  { keys, now }: Verifying,
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
    if (!TOKEN_FAULTS.some((type) => fault instanceof type)) throw fault;
    const { code, claim } = fault as errors.JOSEError & { readonly claim?: string };
    return { fault: claim ? `${code} ${claim}` : code };
  }
}
