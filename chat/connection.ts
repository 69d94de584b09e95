import { LOBBY, type Shard } from "./channel.ts";
import type { Protocol } from "./protocol/subprotocol.ts";

/** A WebSocket connection of API Gateway. Ids are never reused. */
export interface Connection {
  readonly id: string;
  /** Epoch milliseconds; the same in every event of the connection. */
  readonly connectedAt: number;
}

/** A connection as a member of a channel. */
export interface Member extends Connection {
  /** The name of the authenticated user, or the guest's generated or chosen name. */
  readonly user: string;
  readonly protocol: Protocol;
  /** When the user's token expires and the connection is closed, in epoch milliseconds. Undefined: never. */
  readonly expiresAt?: number | undefined;
  /** When it joined the channel, in epoch milliseconds. Only for authenticated users, who can have several connections. */
  readonly joinedAt?: number | undefined;
}

/** What a push to a member requires. */
export type Recipient = Pick<Member, "id" | "connectedAt" | "protocol" | "expiresAt">;

/** A connection with everything that is stored about it. */
export interface Connected extends Member {
  readonly memberships: readonly Shard[];
  /** The groups of an authenticated user. Undefined: the user is a guest. */
  readonly groups?: readonly string[] | undefined;
  /** The client's address, in environments that limit connections by address. */
  readonly address?: string | undefined;
  /** How many times it has joined a channel. Distinguishes a membership from a later one in the same channel. */
  readonly joins?: number | undefined;
  /** The user stays in the channels, except the lobby, when the connection ends. */
  readonly isLasting?: boolean | undefined;
  /** The name before the last `name` frame. With it, a repeat of that frame can complete a change that failed halfway. */
  readonly formerUser?: string | undefined;
}

/** Whether the user's name comes from authentication. Guests choose theirs. */
export const isAuthenticated = ({ groups }: Pick<Connected, "groups">): boolean => groups !== undefined;

/** Whether the user's token has expired. */
export const isExpired = ({ expiresAt }: Pick<Member, "expiresAt">, now: number): boolean =>
  expiresAt !== undefined && now >= expiresAt;

/** The maximum duration of a connection. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export const CONNECTION_SECONDS_MAX = 2 * 60 * 60;

/** Allows for clock differences, and for `$disconnect` to run before TTL deletes the items. */
const SLACK_SECONDS = 10 * 60;

/** The maximum duration of a pending handshake: the integration timeout and one second more. Same page as above. */
const HANDSHAKE_MILLISECONDS_MAX = 30_000;

/** The TTL of the items of a connection, in epoch seconds. */
export const ttlSeconds = ({ connectedAt }: Connection): number =>
  Math.floor(connectedAt / 1000) + CONNECTION_SECONDS_MAX + SLACK_SECONDS;

/**
 * Whether `$connect` may still be running for this connection.
 *
 * Trap: until the handshake is answered, a push returns 410, although the connection is about to open. Removing the
 * connection because of that 410 would leave a client that never receives anything. https://repost.aws/knowledge-center/410-gone-api-gateway
 */
export const mayBeOpening = ({ connectedAt }: Connection, now: number): boolean =>
  now - connectedAt < HANDSHAKE_MILLISECONDS_MAX;

/** The shard in which a connection is a member of the channel. Undefined: it is not a member. */
export const membershipIn = ({ memberships }: Connected, channel: string): Shard | undefined =>
  memberships.find((shard) => shard.channel === channel);

/** The channels that the user leaves when the connection ends. */
export const channelsLeftBy = ({ memberships, isLasting }: Connected): string[] =>
  memberships.map(({ channel }) => channel).filter((channel) => !isLasting || channel === LOBBY);

/** The event for a connection that joins or leaves a channel. */
export const memberEvent = <Type extends "member joined" | "member left">(
  type: Type,
  channel: string,
  { id: connectionId, user, groups }: Pick<Connected, "id" | "user" | "groups">,
) => ({ type, channel, user, connectionId, authenticated: isAuthenticated({ groups }) });

/**
 * The part of an IP address that identifies a client. A household with IPv6 can choose the last 64 bits freely, so only
 * the first 64 count. https://www.rfc-editor.org/rfc/rfc6177
 */
export function sourceOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length;
  return [...groups, ...Array(Math.max(0, zeros)).fill("0"), ...rest]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
