/// <reference lib="esnext.disposable" preserve="true" />
import type { ConnectionState, PendingMessage, ReceivedMessage, SessionEvents } from "./events.ts";
import type { DirectMessage, Message } from "./protocol.ts";
import type {
  Ack,
  ChannelsPage,
  Conversation,
  ConversationPage,
  ConversationsPage,
  HistoryPage,
  MembersPage,
  UnreadConversation,
  UnreadCount,
} from "./replies.ts";
import type { CustomRequest } from "./wire.ts";

/**
 * A chat session over any number of connections. It reconnects by itself, restores its name and channels, reports every
 * message of its channels once and in order, and sends every message once.
 *
 * Every request waits for a connection, and is rejected with a {@link ChatError} if the chat refuses it or the session ends.
 * Requests are sent one after the other.
 */
export interface Session extends AsyncDisposable {
  /** The state of the connection. */
  readonly state: ConnectionState;
  /** The name of this user. Undefined until a connection has answered for the first time. */
  readonly user: string | undefined;
  /** The channels that the session has joined or is about to join. */
  readonly channels: readonly string[];
  /** The messages that are not sent yet, in the order in which they were written. */
  readonly pending: readonly PendingMessage[];

  /** Subscribes to an event. Returns a function that unsubscribes. */
  on<Type extends keyof SessionEvents>(type: Type, listener: (event: SessionEvents[Type]) => void): () => void;
  /**
   * The messages from now on, of one channel or of all. Ends when the application closes the session or aborts `signal`. If the
   * session ends for another reason, `next` is rejected with its {@link ChatError} once.
   */
  messages(options?: {
    readonly channel?: string;
    readonly signal?: AbortSignal;
  }): AsyncIterableIterator<ReceivedMessage>;

  /** Sends a message to a channel, once, over any number of connections. Resolves with the stored message. */
  send(channel: string, text: string, options?: SendOptions): Promise<Message>;
  /** Joins a channel. With `private`, creates a private channel. Resolves with the full name of the channel. */
  join(channel: string, options?: { readonly private?: boolean }): Promise<string>;
  /** Leaves a channel. */
  leave(channel: string): Promise<void>;
  /** Claims a name, now and after each reconnect. */
  rename(name: string): Promise<void>;
  /**
   * Sends a message to one user. With the option `directConversations`, it is sent once, over any number of connections.
   * Otherwise it is sent at most once: after `connection-lost`, it may have been delivered.
   */
  direct(user: string, text: string, options?: Pick<SendOptions, "replyTo">): Promise<DirectMessage>;
  /** Notifies a channel that the user is typing. Call it at each key: it sends at most one frame in three seconds. */
  typing(channel: string): void;

  /** Returns a page of messages: the latest ones, or those before or after a message id. */
  history(channel: string, options?: HistoryOptions): Promise<HistoryPage>;
  /**
   * Lists the conversations of this user, in a chat that stores direct messages (`unknown-route` in others). `cursor` is that
   * of the previous page.
   */
  conversations(options?: { readonly cursor?: string }): Promise<ConversationsPage>;
  /** Returns a page of the direct messages with a user or, with `publisher`, with the backend of this name. */
  conversation(user: string, options?: HistoryOptions & { readonly publisher?: boolean }): Promise<ConversationPage>;
  /** Lists the members of a channel. `cursor` is that of the previous page. */
  members(channel: string, options?: { readonly cursor?: string }): Promise<MembersPage>;
  /** Lists the channels of the chat. `cursor` is that of the previous page. */
  listChannels(options?: { readonly cursor?: string }): Promise<ChannelsPage>;

  /** Invites a user to a private channel of this user. */
  invite(channel: string, user: string): Promise<void>;
  /** Revokes an invitation, and removes the user from the channel. */
  revoke(channel: string, user: string): Promise<void>;
  /** Closes all connections of a user. For moderators. */
  kick(user: string): Promise<void>;
  /** Closes all connections of a user and refuses new ones, for a time or until `unban`. For moderators. */
  ban(user: string, options?: { readonly seconds?: number }): Promise<void>;
  /** Lifts a ban. For moderators. */
  unban(user: string): Promise<void>;
  /** Stops a user from sending to a channel for a time. 0 ends it. For moderators. */
  mute(channel: string, user: string, seconds: number): Promise<void>;
  /** Deletes a message. For its sender if the chat allows it, and for moderators in channels. */
  remove(place: Place, messageId: string): Promise<void>;
  /** Replaces the text of one of the user's messages, if the chat allows it. Await it before the next edit of the message. */
  edit(place: Place, messageId: string, text: string): Promise<void>;

  /**
   * Stores, for all devices, that this user has read a channel up to a message. An earlier message has no effect. Requires
   * the setting `unreadCounts` of the chat.
   */
  markRead(channel: string, messageId: string): Promise<void>;
  /**
   * Counts the unread messages of channels, by default of all channels of the session. Sends several frames for more than 50
   * channels. Call it when the session is `online`. Requires the setting `unreadCounts` of the chat.
   */
  unread(channels?: readonly string[]): Promise<readonly UnreadCount[]>;
  /** Like `markRead`, for the conversation with a user or a backend. With `readReceipts`, the other user is notified. */
  markConversationRead(user: string, messageId: string, options?: { readonly publisher?: boolean }): Promise<void>;
  /**
   * Counts the unread messages of conversations, such as those of a page of `conversations`. Sends several frames for more
   * than 50, or for long names. Requires the settings `directConversations` and `unreadCounts` of the chat.
   */
  unreadConversations(
    conversations: readonly Pick<Conversation, "direct" | "publisher">[],
  ): Promise<readonly UnreadConversation[]>;

  /** Reacts to a message with one emoji, which replaces the user's earlier one. Null removes the reaction. Requires the setting `reactions`. */
  react(place: Place, messageId: string, emoji: string | null): Promise<void>;

  /** Sends a frame of another route, such as that of a chat-ops service: `{ message: "github", data: "status" }`. At most once. */
  request(frame: CustomRequest): Promise<Ack>;

  /** Disconnects for good. Requests without a reply are rejected with `closed`. Messages in an outbox stay there. */
  close(): Promise<void>;
}

/** The name of a channel, or a conversation, such as one of a page of `conversations`: `{ direct: "ben" }`. */
export type Place = string | Pick<Conversation, "direct" | "publisher">;

/** The optional parts of a message. */
export interface SendOptions {
  /** The id of the message of the same channel or conversation that this one replies to. */
  readonly replyTo?: string | undefined;
  /** The names of the mentioned users, at most 20, each once. The text stays as it is. */
  readonly mentions?: readonly string[] | undefined;
}

/** The part of the history that is requested. */
export interface HistoryOptions {
  /** Only messages before this id. */
  readonly before?: string;
  /** Only messages, deletions and edits after this id, earliest first. */
  readonly after?: string;
  /** From 1 to 100. Default: 50. */
  readonly limit?: number;
}
