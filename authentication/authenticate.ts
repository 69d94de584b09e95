import { offersIn } from "../chat/protocol/frames.ts";
import { type AuthorizerContext, contextOf, type TokenRules } from "./identity.ts";
import { identityInClaims, type VerificationPorts, verifyToken } from "./verify-token.ts";

export interface Handshake {
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Browsers cannot set headers of a WebSocket handshake, and URLs end up in logs, so they offer `bearer.TOKEN`. */
const BEARER_PREFIX = "bearer.";

/** Finds the token in the header, else in the offered subprotocols, else in the query string. */
export function handshakeToken({ headers, query }: Handshake): string | undefined {
  const [, authorized] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const offered = offersIn(headers).find((offer) => offer.startsWith(BEARER_PREFIX));
  return authorized ?? offered?.slice(BEARER_PREFIX.length) ?? query.token;
}

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
