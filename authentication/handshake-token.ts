import { offersIn } from "../chat/protocol/subprotocol.ts";

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
