import type { Shard } from "./channel.ts";
import type { Connected, Connection, Member } from "./connection.ts";
import type { ChatEvent } from "./events.ts";
import type { Growth } from "./fan-out/growth.ts";
import type { Deletion, Edit, LogEntry, Message } from "./message.ts";
import type { Metric } from "./metrics.ts";

/** The open connections. */
export interface Connections {
  add(connected: Connected): Promise<void>;
  /** Undefined: the connection is not stored. */
  get(connectionId: string): Promise<Connected | undefined>;
  /** Like `get`, at half the price, but eventually consistent. */
  getEventually(connectionId: string): Promise<Connected | undefined>;
  /** Adds a membership. Returns the connection as it was. Undefined: it is not stored, or has the maximum number. */
  join(connectionId: string, shard: Shard): Promise<Connected | undefined>;
  /**
   * Removes a membership. Returns false if there is none, or if `joins` is given and the connection has joined a channel
   * since. Returns true if a retry finds it removed, because the response to the first attempt may have been lost.
   */
  leave(connectionId: string, channel: string, joins?: number): Promise<boolean>;
  /**
   * Changes the name of a connection's user, and keeps the former one as `formerUser`. Returns the connection as it was.
   * Undefined: it is not stored.
   */
  rename(connectionId: string, user: string): Promise<Connected | undefined>;
  /**
   * Removes a connection and returns it. Undefined: it was not stored. Returns `known` if a retry finds it removed, because
   * the response to the first attempt may have been lost.
   */
  remove(connectionId: string, known?: Connected): Promise<Connected | undefined>;
}

/** The members of channels. */
export interface Members {
  add(shard: Shard, member: Member): Promise<void>;
  /** Has no effect if the member is not stored any more. */
  rename(shard: Shard, member: Pick<Member, "id" | "user">): Promise<void>;
  remove(shard: Shard, connectionId: string): Promise<void>;
  /** Strongly consistent. */
  has(shard: Shard, connectionId: string): Promise<boolean>;
  /**
   * The members of a shard, page by page, to limit memory. There is at least one page. Strongly consistent: it includes
   * users whose join was acknowledged, and excludes users who have left or were removed.
   */
  pages(shard: Shard, from?: PageStart): AsyncIterable<Page>;
}

export interface Page {
  readonly members: readonly Member[];
  /** The connection after which the next page begins. Undefined: this is the last page. */
  readonly next?: string | undefined;
  /** Only in the first page of the first shard, if the channel has several shards. */
  readonly growth?: Growth | undefined;
}

export interface PageStart {
  /** Starts after this connection. */
  readonly after?: string | undefined;
  readonly limit?: number;
}

/** The channels. */
export interface Channels {
  /** Creates the channel if it does not exist. Returns the number of shards for newcomers, for `shardForNewcomer`. */
  open(channel: string): Promise<number>;
  /** The number of shards that must be read. Undefined: the channel does not exist. */
  shardsOf(channel: string): Promise<number | undefined>;
  /** For the next minutes, newcomers are distributed to at least this many shards. The number is a power of two. */
  grow(channel: string, shards: number): Promise<void>;
  /** Names in alphabetical order, after `after`. */
  list(from: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly string[]>;
}

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
  /** Takes a frame from the sender's bucket. False if the bucket is empty: then nothing is charged. */
  take(sender: string, rate: MessageRate): Promise<boolean>;
  /** Records a refused frame. True if the connection had another one refused less than a second ago. */
  warn(sender: string, connectionId: string): Promise<boolean>;
}

/** The log of each channel. */
export interface Messages {
  /**
   * Can be repeated. Returns false if the message was deleted or edited since, or its id is blocked: it must not be
   * delivered.
   */
  store(message: Message): Promise<boolean>;
  /** A message as it is now, also if it was deleted. Undefined if there is none. */
  get(message: Pick<Message, "channel" | "id">): Promise<Message | undefined>;
  /**
   * Replaces the text and the versions of a message. Returns false if the message was deleted, or if its latest edit is not
   * `replaced`. A repeat after a lost answer returns false, too.
   */
  edit(message: Message, replaced: string | undefined): Promise<boolean>;
  /** Blocks an id, so that a write in progress cannot store it. Returns false if there is such a message, deleted or not. */
  block(message: Pick<Message, "channel" | "id">): Promise<boolean>;
  /**
   * Deletes the text and the versions of a message, and keeps its id and sender. Can be repeated. Returns false if there is
   * no such message.
   */
  delete(message: Pick<Message, "channel" | "id">): Promise<boolean>;
  /** Adds the record of a deletion or an edit, which expires with the message. Can be repeated. */
  record(change: Deletion | Edit): Promise<void>;
  /** The entries in the order of their ids. Fewer than `limit`: there are no more. */
  read(slice: Slice): Promise<readonly LogEntry[]>;
}

/** A part of a channel's log: the entries between two ids, exclusive. */
export interface Slice {
  readonly channel: string;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  /** True: the latest entries in descending order. False: the earliest in ascending order. */
  readonly latestFirst: boolean;
}

/** The message ids of frames that have an `id` of the client, to recognize repeats. */
export interface Repeats {
  /**
   * Records the message id of a request. Returns the recorded one if the request was made before, unless that is
   * `blocked`: the new id then replaces it. Of several callers that replace the same id, all get the id of the first.
   */
  claim(request: Repeatable, blocked?: string): Promise<Claim>;
  /** Records that the message was delivered, so that a repeat does not deliver it. */
  settle(request: Repeatable): Promise<void>;
}

export interface Claim {
  /** The id of the message. */
  readonly message: string;
  /** Whether the message was delivered. False if the invocation of the first frame ended early, or is still running. */
  readonly isDelivered: boolean;
}

export interface Repeatable {
  readonly user: string;
  readonly channel: string;
  /** The `id` of the client's frame. */
  readonly id: string;
  /** Part of the key: another user may have had the same name before, and have used the same ids. */
  readonly data: string;
  /** The id of the message if the frame is not a repeat. */
  readonly message: string;
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

/** The connections from each address. */
export interface Addresses {
  add(address: string, connection: Connection): Promise<void>;
  connectionsFrom(address: string): Promise<readonly Connection[]>;
  remove(address: string, connectionId: string): Promise<void>;
}

/**
 * The result of a push (PostToConnection). `gone`: there is no such open connection (410). `throttled`: the rate of the
 * account, or the buffer of this client, is exceeded (429). Other failures can be retried.
 */
export type PushOutcome = "delivered" | "gone" | "throttled" | Failure;

export interface Failure {
  /** The name of the error, for the log. */
  readonly failed: string;
}

/** Never rejects: each outcome is a value. */
export type Push = (connectionId: string, frame: string) => Promise<PushOutcome>;

/** Asks API Gateway whether a connection is open, without sending anything. Never rejects: a failure is a value. */
export type Probe = (connectionId: string) => Promise<"open" | "gone" | Failure>;

/** Closes a connection, which is then `gone`. Never rejects: a failure is a value. */
export type Close = (connectionId: string) => Promise<PushOutcome>;

/** Adds to a metric of this invocation; by default, one. */
export type Count = (metric: Metric, value?: number) => void;

/** Sends an event to other programs, in environments that have events. Neither waits nor fails. */
export type Emit = (event: ChatEvent) => void;

/** Resolves after the given number of milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/** From 0 to below 1. */
export type Random = () => number;

/** Epoch milliseconds. */
export type Now = () => number;

/** Sixteen letters and digits that are unique to a user. */
export type TagOf = (user: string) => string;

/** A digest of a text, from which the text cannot be derived. */
export type DigestOf = (text: string) => string;

/** A ULID of the current time. */
export type NewMessageId = () => string;

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
