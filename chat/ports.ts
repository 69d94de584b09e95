import type { Shard } from "./channel.ts";
import type { Connected, Connection, Member } from "./connection.ts";
import type { Growth } from "./fan-out/growth.ts";
import type { Deletion, LogEntry, Message } from "./message.ts";
import type { MessageRate } from "./message-rate.ts";
import type { Metric } from "./metrics.ts";

/** Who is connected. */
export interface Connections {
  add(connected: Connected): Promise<void>;
  /** What is stored about a connection; undefined when it is not there. */
  get(connectionId: string): Promise<Connected | undefined>;
  /** The same at half the price: writes of the last moment may be missing. */
  glance(connectionId: string): Promise<Connected | undefined>;
  /** Adds a membership. Gives the connection as it was; nothing when it is not there, or has as many as it may. */
  join(connectionId: string, shard: Shard): Promise<Connected | undefined>;
  /**
   * Removes a membership. False where there was none, or where the connection has joined a channel since it was read, if
   * `joins` is given. True as well where a retry finds it removed: the answer to the first attempt may have been lost.
   */
  leave(connectionId: string, channel: string, joins?: number): Promise<boolean>;
  /**
   * Gives a connection's user another name, and keeps the one before as `formerUser`. Gives the connection as it was;
   * nothing when it is not there.
   */
  rename(connectionId: string, user: string): Promise<Connected | undefined>;
  /**
   * Removes a connection and gives what was stored about it: nothing when it was not there. Gives `known` where a retry
   * finds it removed: the answer to the first attempt, which had it, may have been lost.
   */
  remove(connectionId: string, known?: Connected): Promise<Connected | undefined>;
}

/** Who hears what is said in a channel. */
export interface Members {
  add(shard: Shard, member: Member): Promise<void>;
  /** Harmless when the member is not there any more. */
  rename(shard: Shard, member: Pick<Member, "id" | "user">): Promise<void>;
  remove(shard: Shard, connectionId: string): Promise<void>;
  /** Whether the member is there, every write that is done by now included. */
  has(shard: Shard, connectionId: string): Promise<boolean>;
  /**
   * The shard's members, a page at a time, so that memory is that of a page. At least one page. Strongly consistent: a
   * user whose join was acknowledged is there, and a user who has left or was removed is not.
   */
  pages(shard: Shard, from?: PageStart): AsyncIterable<Page>;
}

export interface Page {
  readonly members: readonly Member[];
  /** The connection after which to go on; undefined where there is no more. */
  readonly next?: string | undefined;
  /** How the channel has grown. Comes with the first page of its first shard, if the channel has several shards. */
  readonly growth?: Growth | undefined;
}

export interface PageStart {
  /** The connection after which to begin. */
  readonly after?: string | undefined;
  readonly limit?: number;
}

/** Which channels there are. */
export interface Channels {
  /** Returns the number of shards for newcomers, as `shardForNewcomer` takes it. Creates the channel if it does not exist. */
  open(channel: string): Promise<number>;
  /** The number of shards that have to be read; undefined when there is no such channel. */
  shardsOf(channel: string): Promise<number | undefined>;
  /** Has newcomers go to at least this many shards in the next minutes. The number is a power of two. */
  grow(channel: string, shards: number): Promise<void>;
  /** Names in order, beginning after one of them. */
  list(from: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly string[]>;
}

/** Who may be in the private channels of others. An invitation that is not used ends with the channel. */
export interface Invitations {
  give(channel: string, user: string): Promise<void>;
  withdraw(channel: string, user: string): Promise<void>;
  /** Whether there is one. It lasts as long again as a channel. */
  use(channel: string, user: string): Promise<boolean>;
}

/** Who may not speak in which channel. */
export interface Mutes {
  /** `until`: epoch milliseconds, kept by the second. A time that is over ends it. */
  set(channel: string, user: string, until: number): Promise<void>;
  /** Epoch milliseconds; undefined where the user may speak. */
  until(channel: string, user: string): Promise<number | undefined>;
}

/** Which users may not connect. */
export interface Bans {
  /** Replaces an earlier ban. `until` is in epoch milliseconds, rounded down to a second. Without it, the ban is permanent. */
  set(user: string, ban: { readonly by: string; readonly until?: number | undefined }): Promise<void>;
  /** Has no effect on a user who is not banned. */
  lift(user: string): Promise<void>;
  has(user: string): Promise<boolean>;
}

/** The frames that senders have sent lately. A sender is a user, or the address of a guest. */
export interface Rates {
  /** Takes a frame from the sender's bucket. False if the bucket is empty: then nothing is charged. */
  take(sender: string, rate: MessageRate): Promise<boolean>;
  /** Records a refused frame. True if the connection had another one refused less than a second ago. */
  warn(sender: string, connectionId: string): Promise<boolean>;
}

/** The log of each channel. */
export interface Messages {
  /**
   * Storing a message again is harmless. Returns false if the message was deleted, or its id is blocked: it must not be
   * delivered.
   */
  store(message: Message): Promise<boolean>;
  /** Blocks an id, so that no write under way can store it. False if there is such a message, deleted or not. */
  block(message: Pick<Message, "channel" | "id">): Promise<boolean>;
  /**
   * Deletes the text of a message. That there was a message, by whom and when, stays. Repeating it is harmless. Returns
   * false if there is no such message.
   */
  delete(message: Pick<Message, "channel" | "id">): Promise<boolean>;
  /** Adds the record of a deletion, which expires with the deleted message. Adding it again is harmless. */
  record(deletion: Deletion): Promise<void>;
  /** The entries in the order of their ids. Fewer than `limit` means that there are no more. */
  read(slice: Slice): Promise<readonly LogEntry[]>;
}

/** A part of a channel's log: the entries between two ids, without those two. */
export interface Slice {
  readonly channel: string;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  /** The latest entries in descending order. Otherwise the earliest in ascending order. */
  readonly latestFirst: boolean;
}

/** What a client has asked for under an id of its own, so that a repeat is known. */
export interface Repeats {
  /**
   * Records the message id of a request. Returns the recorded one if the request was made before, unless that is
   * `blocked`: the new id then replaces it. Of several callers that replace the same id, all get the id of the first.
   */
  claim(request: Repeatable, blocked?: string): Promise<Claim>;
  /** The message has been said: a repeat need not say it. */
  settle(request: Repeatable): Promise<void>;
}

export interface Claim {
  /** The message's id. */
  readonly message: string;
  /** Not so where the first request died before it came to an end, or is not there yet. */
  readonly isSaid: boolean;
}

export interface Repeatable {
  readonly user: string;
  readonly channel: string;
  /** The client's. */
  readonly id: string;
  /** Other words are no repeat, whatever their id: somebody else may have had the name, and begun to count at 1. */
  readonly data: string;
  /** The id that the message would have. */
  readonly message: string;
}

/** Who holds which chosen name. */
export interface Names {
  /** False when another connection holds it. */
  claim(user: string, member: Member): Promise<boolean>;
  /** The connection that holds it, whether that is still there or not. */
  holder(user: string): Promise<Member | undefined>;
  /** Nothing happens where somebody else holds it by now. */
  release(user: string, connectionId: string): Promise<void>;
}

/** Which connections authenticated users have: as many each as they like. */
export interface Users {
  add(member: Member): Promise<void>;
  connectionsOf(user: string): Promise<readonly Member[]>;
  remove(user: string, connectionId: string): Promise<void>;
}

/** Which connections come from an address. */
export interface Addresses {
  add(address: string, connection: Connection): Promise<void>;
  connectionsFrom(address: string): Promise<readonly Connection[]>;
  remove(address: string, connectionId: string): Promise<void>;
}

/**
 * What one PostToConnection came to. `gone`: there is no such open connection (410). `throttled`: too much at once (429),
 * for the account or for this client. Anything else has failed, and may be worth another attempt.
 */
export type PushOutcome = "delivered" | "gone" | "throttled" | Failure;

export interface Failure {
  /** The name of what went wrong, for the log. */
  readonly failed: string;
}

/** Rejects never: each outcome is a value. */
export type Push = (connectionId: string, frame: string) => Promise<PushOutcome>;

/** Asks API Gateway whether a connection is open, without sending anything. Never rejects: a failure is a value. */
export type Probe = (connectionId: string) => Promise<"open" | "gone" | Failure>;

/** Hangs up on a connection, which then is `gone`. Rejects never, like a push. */
export type Close = (connectionId: string) => Promise<PushOutcome>;

/** Adds to what this invocation counts: one, where nothing else is said. */
export type Count = (metric: Metric, value?: number) => void;

/** Resolves after so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/** From 0 to below 1. */
export type Random = () => number;

/** Epoch milliseconds. */
export type Now = () => number;

/** Sixteen letters and digits that stand for a user, and for no other. */
export type TagOf = (user: string) => string;

/** A new ULID, of now. */
export type NewMessageId = () => string;
