import type { Connected, Connection, Member } from "./connection.ts";

/** Invitations to private channels of other users. An unused invitation expires like a channel. */
export interface Invitations {
  give(channel: string, user: string): Promise<void>;
  withdraw(channel: string, user: string): Promise<void>;
  /** Whether the user is invited. Extends the invitation by the TTL of a channel. */
  use(channel: string, user: string): Promise<boolean>;
}

/** The mutes of users in channels. */
export interface Mutes {
  /** `until`: epoch milliseconds, stored in seconds. A time in the past ends the mute. */
  set(channel: string, user: string, until: number): Promise<void>;
  /** Epoch milliseconds. Undefined: the user is not muted. */
  until(channel: string, user: string): Promise<number | undefined>;
}

/** The bans of users. */
export interface Bans {
  /** Replaces an earlier ban. `until` is in epoch milliseconds, rounded down to a second. Without it, the ban is permanent. */
  set(user: string, ban: { readonly by: string; readonly until?: number | undefined }): Promise<void>;
  /** Has no effect on a user who is not banned. */
  lift(user: string): Promise<void>;
  has(user: string): Promise<boolean>;
}

/** The recent frames of each sender. A sender is a user, or the address of a guest. */
export interface Rates {
  /** Takes a frame from the sender's bucket. Returns false if the bucket is empty, and does not charge the frame. */
  take(sender: string, rate: MessageRate): Promise<boolean>;
  /** Records a refused frame. True if the connection had another one refused less than a second ago. */
  warn(sender: string, connectionId: string): Promise<boolean>;
}

/** The chosen names of guests, and the connections that hold them. */
export interface Names {
  /** Returns false if another connection holds the name. */
  claim(user: string, member: Member): Promise<boolean>;
  /** The connection that holds the name, even if it has ended. */
  holder(user: string): Promise<Member | undefined>;
  /** Has no effect if another connection holds the name. */
  release(user: string, connectionId: string): Promise<void>;
}

/** The connections of authenticated users. */
export interface Users {
  add(member: Member): Promise<void>;
  connectionsOf(user: string): Promise<readonly Member[]>;
  remove(user: string, connectionId: string): Promise<void>;
}

/** The authenticated users who have ever connected, in environments that store direct messages. */
export interface KnownUsers {
  add(user: string): Promise<void>;
  /** Strongly consistent. */
  has(user: string): Promise<boolean>;
}

/** Reads the status of an authenticated user. Strongly consistent, so that connections which have just ended do not count. */
export type StatusOf = (user: string) => Promise<UserStatus>;

export interface UserStatus {
  readonly isConnected: boolean;
  /** Always false in environments without moderators. */
  readonly isBanned: boolean;
  /** Whether the user has ever connected, in environments that store direct messages. */
  readonly isKnown: boolean;
  /** The user's lasting channels. */
  readonly channels: readonly string[];
  /** The groups that are stored with these channels. */
  readonly groups: readonly string[];
}

/**
 * The channels in which authenticated users stay while they are not connected, and the groups of the latest handshake on
 * which access to private channels depends. The lobby is not stored.
 */
export interface LastingChannels {
  /**
   * Has no effect if the user is in the channel. Returns false if the user is in the maximum number of channels. Stores
   * `groups` if the user has no stored groups.
   */
  add(user: string, channel: string, groups?: readonly string[]): Promise<boolean>;
  /** Replaces the groups. Has no effect if the user is in no channel. */
  setGroups(user: string, groups: readonly string[]): Promise<void>;
  /** Returns whether the user was in any of them. Also returns true after a retry, because the first response was lost. */
  remove(user: string, channels: readonly string[]): Promise<boolean>;
}

/** What the handshakes of authenticated users read and write, in as few requests as possible. */
export interface Handshakes {
  /** Strongly consistent. */
  readUser(user: string, also: UserQuery): Promise<StoredUser>;
  /** Eventually consistent, unless `isConsistent`. Missing channels and invitations are left out. */
  readChannels(query: ChannelsQuery): Promise<StoredChannels>;
  /** Stores the connection, and its items for the user and the address. */
  addConnection(connected: Connected): Promise<void>;
  /** Stores a member for each membership of the connection. */
  addMembers(connected: Connected & Member): Promise<void>;
  /** Stores both, in any order. If it rejects, some items may be stored. */
  addAll(connected: Connected & Member): Promise<void>;
}

export interface UserQuery {
  /** Whether to read the ban of the user. */
  readonly ban: boolean;
  /** The channels whose invitations are read. */
  readonly invitations: readonly string[];
}

export interface StoredUser {
  readonly isBanned: boolean;
  /** The user's lasting channels. */
  readonly channels: readonly string[];
  /** The groups that are stored with these channels. */
  readonly groups: readonly string[];
  /** The requested channels to which the user is invited. */
  readonly invitedTo: readonly string[];
}

export interface ChannelsQuery {
  readonly user: string;
  readonly channels: readonly string[];
  /** The channels whose invitations are read. */
  readonly invitations: readonly string[];
  readonly isConsistent: boolean;
}

/** `isDue`: the TTL must be renewed, with `Channels.open` or `Invitations.use`. */
export interface StoredChannels {
  readonly channels: ReadonlyMap<string, { readonly newcomers: number; readonly isDue: boolean }>;
  readonly invitations: ReadonlyMap<string, { readonly isDue: boolean }>;
}

/** The connections from each address. */
export interface Addresses {
  add(address: string, connection: Connection): Promise<void>;
  connectionsFrom(address: string): Promise<readonly Connection[]>;
  remove(address: string, connectionId: string): Promise<void>;
}

/** The rate limit for the frames of one sender. */
export interface MessageRate {
  readonly perSecond: number;
  /** The number of frames that can be sent at once. */
  readonly burst: number;
}

/** How long it takes until one more frame is allowed. */
export const frameMilliseconds = ({ perSecond }: MessageRate): number => Math.ceil(1000 / perSecond);

/** A connection that exceeds the limit again within this time is closed. */
export const WARNING_MILLISECONDS = 1_000;
