import * as v from "valibot";
import { group, whole } from "./rules.ts";
import type { Environment } from "./settings.ts";

/** Each handshake reads all connections of its user or address, so a larger limit would cost more than it protects. */
const CONNECTIONS_MAX = 100_000;

/** Limits of one client. Without a limit, only the stage's throttle applies. */
export const limits = {
  /**
   * The frames that one user may send by all connections, or guests from one address: `burst` at once, then `perSecond`.
   * A frame beyond the limit is refused. Another one within a second closes the connection.
   */
  messageRate: v.exactOptional(
    group({ perSecond: whole({ min: 1, max: 1_000 }), burst: whole({ min: 1, max: 1_000_000 }) }),
  ),
  /** A further connection is refused with 429. Requires authenticated users. */
  connectionsPerUserMax: v.exactOptional(whole({ min: 1, max: CONNECTIONS_MAX })),
  /** A further connection is refused with 429. An office or a mobile network can share one address. */
  connectionsPerAddressMax: v.exactOptional(whole({ min: 1, max: CONNECTIONS_MAX })),
} as const;

/** The variables of a function that processes frames. */
export const messageRateOf = ({ messageRate }: Environment): Record<string, string> =>
  messageRate ? { MESSAGE_RATE: JSON.stringify(messageRate) } : {};

/** What a function has to know that counts the connections of a user. */
export const perUserOf = ({ connectionsPerUserMax: max }: Environment): Record<string, string> =>
  max === undefined ? {} : { CONNECTIONS_PER_USER_MAX: String(max) };

/** What a function has to know that counts the connections from an address, or no longer does. */
export const perAddressOf = ({ connectionsPerAddressMax: max }: Environment): Record<string, string> =>
  max === undefined ? {} : { CONNECTIONS_PER_ADDRESS_MAX: String(max) };
