import { offersIn } from "../chat/protocol/subprotocol.ts";

/** A handshake, as far as it says who somebody is. */
export interface Handshake {
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** The subprotocol under which a browser hands over a token: it can set no header, and an address ends up in logs. */
const BEARER = "bearer.";

/** A token of a client's: in a header, among the subprotocols that it offers, or in the address. */
export function tokenIn({ headers, query }: Handshake): string | undefined {
  const [, authorized] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const offered = offersIn(headers).find((offer) => offer.startsWith(BEARER));
  return authorized ?? offered?.slice(BEARER.length) ?? query.token;
}
