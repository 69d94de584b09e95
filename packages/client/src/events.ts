import type { ChatError, EndCode } from "./chat-error.ts";
import type {
  Banned,
  Deletion,
  DirectChange,
  DirectMessage,
  Edited,
  Invited,
  Joined,
  Kicked,
  Left,
  Message,
  Muted,
  Named,
  Reacted,
  ReadNotice,
  Receipt,
  Revoked,
  Typing,
  Unmuted,
} from "./protocol.ts";
import type { Conversation } from "./replies.ts";

/** A message of one of the session's channels. */
export interface ReceivedMessage extends Message {
  /** Whether this session sent it. */
  readonly isOwn: boolean;
  /** A later message has already been reported: insert this one before it. */
  readonly isLate: boolean;
}

/** A direct message that this session received. A later message can be reported first: sort messages by `id`. */
export interface ReceivedDirect extends DirectMessage {
  /** Whether this user sent it. */
  readonly isOwn: boolean;
}

/** A change of the members of a channel. Not reported for this user, or in large channels. */
export type PresenceEvent = Joined | Left | Named;

/** Something that another user or a moderator did to this user. */
export type ModerationEvent = Invited | Revoked | Kicked | Banned | Muted | Unmuted;

/** The state of a session's connection. */
export type ConnectionState =
  /** The session is connecting, or is reading the messages that it missed. */
  | { readonly status: "connecting" }
  /** The session has its name and its channels, and has read the messages that it missed. */
  | { readonly status: "online" }
  | {
      readonly status: "offline";
      /** Part of a sentence, for people. */
      readonly reason: string;
      /** How long the session waits. Undefined: until the device is online again. */
      readonly retryMilliseconds: number | undefined;
    }
  /** The session does not connect again. Every request is rejected with this error. */
  | { readonly status: "ended"; readonly error: ChatError & { readonly code: EndCode } };

/**
 * A message of this session from `send` until it is stored. The stored message has the same id in `clientMessageId`: it can be
 * reported before the status `sent`.
 */
export interface PendingMessage {
  readonly id: string;
  readonly channel: string;
  readonly data: string;
  readonly replyTo?: string | undefined;
  readonly mentions?: readonly string[] | undefined;
  /** When it was written, in epoch milliseconds. */
  readonly createdAt: number;
  readonly status: "queued" | "sent" | "failed";
  /** The stored message, once it is `sent`. */
  readonly message?: Message;
  /** Why it has `failed`. */
  readonly error?: ChatError;
}

/** The events of a session, by type. */
export interface SessionEvents {
  /** A message of one of the session's channels: each once, in the order of the ids unless `isLate`. */
  message: ReceivedMessage;
  /** A message was deleted: each deletion once. */
  deleted: Deletion;
  /** A message was edited: each edit once, unless a newer one was reported before. */
  edited: Edited;
  /**
   * The reactions to a message have changed. The revision is higher than before. It can be the same in an event without
   * `user`, which adds the user's own reaction.
   */
  reacted: Reacted;
  /** This user has read a channel or a conversation up to a message, on another connection. Only with `unreadCounts`. */
  read: ReadNotice;
  /** The other user of a conversation has read it up to a message. Only with `readReceipts`. */
  receipt: Receipt;
  presence: PresenceEvent;
  typing: Typing;
  /** A message to this user or, in a chat that stores direct messages, from this user on another connection. Each is reported once. */
  direct: ReceivedDirect;
  /**
   * A direct message was edited or deleted, or the reactions to it have changed. With the option `directConversations`, each
   * change is reported once, unless a newer one was reported before. Without it, changes are reported as they are pushed.
   */
  directChange: DirectChange;
  /** This user's conversations. Only with the option `directConversations`: after each connect, and every four minutes. */
  conversations: readonly Conversation[];
  moderation: ModerationEvent;
  state: ConnectionState;
  /** This user's name from now on. */
  user: string;
  /** The session's channels from now on. */
  channels: readonly string[];
  /** A message was queued, was sent or has failed. */
  pending: PendingMessage;
  /** A request of the session itself was refused: its name, one of its channels, or the history of a channel. */
  error: ChatError;
}

export type Emit = <Type extends keyof SessionEvents>(type: Type, event: SessionEvents[Type]) => void;

type Listeners = { [Type in keyof SessionEvents]?: Set<(event: SessionEvents[Type]) => void> };

/** Calls the listeners of a session. */
export class Emitter {
  readonly #listeners: Listeners = {};

  on<Type extends keyof SessionEvents>(type: Type, listener: (event: SessionEvents[Type]) => void): () => void {
    const listeners: Set<(event: SessionEvents[Type]) => void> = this.#listeners[type] ?? new Set();
    this.#listeners[type] = listeners as Listeners[Type];
    // Each call subscribes on its own, even with the same function.
    const own = (event: SessionEvents[Type]): void => listener(event);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** An exception of a listener is thrown where it is reported as uncaught, and does not stop the session. */
  readonly emit: Emit = (type, event) => {
    for (const listener of [...(this.#listeners[type] ?? [])]) {
      try {
        listener(event);
      } catch (fault) {
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  };
}
