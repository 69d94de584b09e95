import * as v from "valibot";
import { group, whole } from "./setting-rules.ts";
import type { Environment } from "./settings.ts";

/** How much one client may ask for. What is left out is as much as the stage lets through. */
export const limits = {
  /** What one connection may send: `burst` frames at once, and `perSecond` from then on. Beyond it is told, then closed. */
  messageRate: v.exactOptional(group({ perSecond: whole({ min: 1, max: 1_000 }), burst: whole({ min: 1 }) })),
  /** A further one is refused with 429. Where users are authenticated. */
  connectionsPerUserMax: v.exactOptional(whole({ min: 1 })),
  /** A further one is refused with 429. Many people may share an address, of their office or their telephone company. */
  connectionsPerAddressMax: v.exactOptional(whole({ min: 1 })),
} as const;

/** What a function has to know that takes frames. */
export const messageRateOf = ({ messageRate }: Environment): Record<string, string> =>
  messageRate ? { MESSAGE_RATE: JSON.stringify(messageRate) } : {};

/** What a function has to know that counts the connections of a user. */
export const perUserOf = ({ connectionsPerUserMax: max }: Environment): Record<string, string> =>
  max === undefined ? {} : { CONNECTIONS_PER_USER_MAX: String(max) };

/** What a function has to know that counts the connections from an address, or no longer does. */
export const perAddressOf = ({ connectionsPerAddressMax: max }: Environment): Record<string, string> =>
  max === undefined ? {} : { CONNECTIONS_PER_ADDRESS_MAX: String(max) };
