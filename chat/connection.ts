import type { Shard } from "./channel.ts";
import type { Protocol } from "./protocol/client-frames.ts";

/** A WebSocket connection, as API Gateway names it. Ids are never reused. */
export interface Connection {
  readonly id: string;
  /** Epoch milliseconds; the same in every event of the connection. */
  readonly connectedAt: number;
}

/** What a push to somebody needs to know, beside the connection itself. */
export interface Member extends Connection {
  /** Who it is: whom the environment has authenticated, else a guest's name, or the one that was chosen. */
  readonly user: string;
  readonly protocol: Protocol;
  /** When the user's token ends, and the connection with it, in epoch milliseconds; never where it is not there. */
  readonly expiresAt?: number | undefined;
  /** When it came to the channel, in epoch milliseconds. Of an authenticated user, who may be there several times. */
  readonly joinedAt?: number | undefined;
}

/** What a push to a member requires. */
export type Recipient = Pick<Member, "id" | "connectedAt" | "protocol" | "expiresAt">;

/** A connection with everything that is stored about it. */
export interface Connected extends Member {
  readonly memberships: readonly Shard[];
  /** Those of an authenticated user, if any. Not there where nobody was asked who they are. */
  readonly groups?: readonly string[] | undefined;
  /** Where it comes from, where the environment counts that. */
  readonly address?: string | undefined;
  /** How often it has joined a channel: tells a membership from a later one in the same channel. */
  readonly joins?: number | undefined;
  /** The name that it had before the last `name`. A repeat of that frame completes what the first one left undone. */
  readonly formerUser?: string | undefined;
}

/** Whether the user is who it says, and not a name that anybody may choose. */
export const isAuthenticated = ({ groups }: Pick<Connected, "groups">): boolean => groups !== undefined;

/** Whether a connection has outlived its user's token. */
export const isExpired = ({ expiresAt }: Pick<Member, "expiresAt">, now: number): boolean =>
  expiresAt !== undefined && now >= expiresAt;

/** Longest life of a connection. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export const CONNECTION_SECONDS_MAX = 2 * 60 * 60;

/** Clocks differ, and `$disconnect` deserves to come first. */
const SLACK_SECONDS = 10 * 60;

/** Longest a handshake can stay pending: the integration timeout, and a second of slack. Same page as above. */
const HANDSHAKE_MILLISECONDS_MAX = 30_000;

/** When what is stored about a connection may go, in epoch seconds. */
export const ttlSeconds = ({ connectedAt }: Connection): number =>
  Math.floor(connectedAt / 1000) + CONNECTION_SECONDS_MAX + SLACK_SECONDS;

/**
 * Whether `$connect` may still be running for this connection.
 *
 * Trap: until the handshake is answered, a push to it is a 410, although it is about to open. Who believes that 410
 * and removes the connection makes it deaf for good. https://repost.aws/knowledge-center/410-gone-api-gateway
 */
export const mayBeOpening = ({ connectedAt }: Connection, now: number): boolean =>
  now - connectedAt < HANDSHAKE_MILLISECONDS_MAX;

/** Where a connection is a member; undefined where it is none. */
export const membershipIn = ({ memberships }: Connected, channel: string): Shard | undefined =>
  memberships.find((shard) => shard.channel === channel);
