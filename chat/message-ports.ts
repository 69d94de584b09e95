import type { Deletion, Edit, EditedMessage, LogEntry, Message } from "./message.ts";

/** The log of each channel. */
export interface Messages {
  /**
   * Can be repeated. Returns false if the message must not be delivered, because it was deleted or edited since, or its
   * id is blocked.
   */
  store(message: Message): Promise<boolean>;
  /** The current message, also if it was deleted. Undefined if it does not exist. */
  get(message: Pick<Message, "channel" | "id">): Promise<Message | undefined>;
  /**
   * Replaces the text and the versions of a message. Returns false if the message was deleted, or if its latest edit is not
   * `replaced`. A repeat after a lost answer returns false, too.
   */
  edit(message: EditedMessage, replaced: string | undefined): Promise<boolean>;
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
   * Records the message id of a request. If the request was made before, returns the id that was recorded then. If that id is
   * `blocked`, replaces it with the new one. If several callers replace the same id, all of them get the id of the first.
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

/** The other side of a user's conversation. */
export interface Correspondent {
  readonly name: string;
  /** The other side is a backend. A user with the same name has another conversation. */
  readonly publisher?: true | undefined;
}

/** The conversations of each user: direct messages that are stored. */
export interface Conversations {
  /** Records the latest message of a conversation for one of its users. Can be repeated. An earlier message has no effect. */
  record(user: string, conversation: Omit<Conversation, "change">): Promise<void>;
  /**
   * Records the latest change of a message for one of the users. Can be repeated. An earlier change has no effect, nor has
   * one in a conversation that is not recorded: the client repeats the message, and then finds the change in the log.
   */
  recordChange(user: string, changed: { readonly pair: string; readonly change: string }): Promise<void>;
  /** In the order of their pairs, after `after`. Fewer than `limit`: there are no more. */
  list(
    user: string,
    from: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly Conversation[]>;
}

/** A conversation of a user. */
export interface Conversation {
  readonly pair: string;
  readonly other: Correspondent;
  /** The id of the latest message. */
  readonly last: string;
  /** The id of the latest edit, deletion or reaction, if there was one. */
  readonly change?: string | undefined;
}

/** The id of the conversation of a user. It is the same for both users. */
export type PairOf = (user: string, other: Correspondent) => string;
