import { type Handshake, handshakeToken } from "./handshake-token.ts";
import { type AuthorizerContext, contextOf } from "./identity.ts";
import type { TokenRules } from "./rules.ts";
import { identityInClaims, type VerificationPorts, verifyToken } from "./verify-token.ts";

export interface AuthenticationPorts extends VerificationPorts {
  readonly rules: () => TokenRules;
}

/** `unauthorized` becomes a 401, `forbidden` a 403. `why` is for the log only. */
export type Verdict =
  | { readonly user: string; readonly context: AuthorizerContext }
  | { readonly refused: "unauthorized" | "forbidden"; readonly why: string };

/**
 * Authenticates a handshake by its token. `unauthorized` tells the client to get another token. `forbidden` means that a new
 * token does not help: the token is valid, but its user or groups cannot be used here.
 */
export async function authenticate(ports: AuthenticationPorts, handshake: Handshake): Promise<Verdict> {
  const token = handshakeToken(handshake);
  if (token === undefined) return { refused: "unauthorized", why: "no token" };
  const rules = ports.rules();
  const verified = await verifyToken(token, rules, ports);
  if ("fault" in verified) return { refused: "unauthorized", why: verified.fault };
  const identity = identityInClaims(verified.claims, rules);
  if ("fault" in identity) {
    return { refused: identity.fault === "user" ? "forbidden" : "unauthorized", why: identity.fault };
  }
  const context = contextOf(identity);
  return context ? { user: identity.user, context } : { refused: "forbidden", why: "too many groups" };
}
