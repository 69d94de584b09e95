import { identityIn } from "../authentication/claims.ts";
import { contextOf } from "../authentication/identity.ts";
import { issuerKeys } from "../authentication/issuer-keys.ts";
import type { TokenRules } from "../authentication/rules.ts";
import { tokenIn } from "../authentication/token-in.ts";
import { type Verifying, verify } from "../authentication/verify.ts";
import { configOf } from "../aws/config.ts";
import { now } from "../aws/runtime.ts";
import { type Authorize, authorizerLambda } from "./runtime/authorizer-lambda.ts";
import * as settings from "./settings.ts";

interface Ports extends Verifying {
  readonly rules: () => TokenRules;
}

/**
 * Who comes without a token, or with one that is not good here and now, is told to get one (401). Whose token is good,
 * but speaks of nobody who could be a user, gets no further by another (403).
 */
export const authorize: Authorize<Ports> = async (ports, handshake) => {
  const token = tokenIn(handshake);
  if (token === undefined) return { refused: "unauthorized", why: "no token" };
  const rules = ports.rules();
  const verified = await verify(token, rules, ports);
  if ("fault" in verified) return { refused: "unauthorized", why: verified.fault };
  const identity = identityIn(verified.claims, rules);
  if ("fault" in identity) {
    return { refused: identity.fault === "user" ? "forbidden" : "unauthorized", why: identity.fault };
  }
  const context = contextOf(identity);
  return context ? { user: identity.user, context } : { refused: "forbidden", why: "too many groups" };
};

const { tokenRules: rules } = configOf(settings.authorize);
const keys = issuerKeys({ issuer: () => rules.issuer, fetch, now });

export const handler = authorizerLambda(authorize, { rules: () => rules, keys, now });
