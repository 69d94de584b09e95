import type { JWTPayload } from "jose";
import { lookOf } from "../chat/name-look.ts";
import { CHAT_OPS, isUser } from "../chat/user.ts";
import type { Identity } from "./identity.ts";
import type { TokenRules } from "./rules.ts";

/** How far the clock of an issuer can differ from ours: a token is accepted for that long after it has expired. */
export const SKEW_SECONDS = 30;

/** Who a token speaks of, whose signature, issuer and times are right; or why it is of no use here. */
export function identityIn(claims: JWTPayload, rules: TokenRules): Identity | { readonly fault: ClaimFault } {
  if (!isForUs(claims, rules)) return { fault: "audience" };
  const user = claims[rules.userClaim];
  if (typeof user !== "string" || !isUser(user) || lookOf(user) === lookOf(CHAT_OPS)) return { fault: "user" };
  const { name, exp } = claims;
  return {
    user,
    groups: textsIn(claims[rules.groupsClaim]),
    ...(typeof name === "string" && { name }),
    // As long as the token is accepted: a shorter life would close each new connection with it at once.
    ...(rules.closeAtExpiry && exp !== undefined && { expiresAt: (exp + SKEW_SECONDS) * 1000 }),
  };
}

export type ClaimFault = "audience" | "user";

/** Cognito: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
const isForUs = ({ aud, client_id, token_use }: JWTPayload, { kind, audience }: TokenRules): boolean =>
  kind === "cognito" ? client_id === audience && token_use === "access" : [aud].flat().includes(audience);

const textsIn = (claim: unknown): string[] =>
  [claim].flat().filter((group): group is string => typeof group === "string");
