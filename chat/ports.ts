import type { Shard } from "./channel.ts";
import type { Connected, Member } from "./connection.ts";
import type { ChatEvent } from "./events.ts";
import type { Growth } from "./fan-out/growth.ts";
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
