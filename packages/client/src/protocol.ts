/*
 * The frames of the subprotocol `chat.v1`, and its limits. docs/protocol.md describes each field. A test of the repository
 * compares these types and values with the schemas that the functions validate with.
 */

/** The WebSocket subprotocol in which every frame is JSON. */
export const SUBPROTOCOL = "chat.v1";

/** The channel that every connection joins when it opens. It always exists. */
export const LOBBY = "lobby";

/** A valid channel name. The names of private channels begin with `~`. */
export const CHANNEL_NAME: RegExp = /^~?[a-z0-9][a-z0-9-]{0,63}$/;

/** The maximum length of a message text, in bytes of UTF-8. */
export const DATA_BYTES_MAX = 16_384;

/** The maximum number of users that a message can mention. */
export const MENTIONS_MAX = 20;

/** The maximum number of messages, deletions and edits on a page of the history. */
export const PAGE_MAX = 100;

/** For this long, a message can be stored after one with a later id, in milliseconds. */
export const RESUME_WINDOW_MILLISECONDS = 30_000;

/** A message of a channel. Sort messages by `id`: it is a ULID. */
export interface Message {
  readonly type: "message";
  readonly channel: string;
  readonly id: string;
  /** The name that the sender had when the message was sent. */
  readonly from: string;
  /** The message text. Empty if the message was deleted. */
  readonly data: string;
  /** When the message was sent: ISO 8601. */
  readonly at: string;
  /** The id that the sender's client gave to the message. See {@link PendingMessage}. */
  readonly clientMessageId?: string | undefined;
  /** A backend published the message, so `from` is not the name of a user. */
  readonly publisher?: true | undefined;
  /** The id of the message that this one replies to. That message can be deleted, expired or unknown. */
  readonly replyTo?: string | undefined;
  /** The names of the mentioned users. */
  readonly mentions?: readonly string[] | undefined;
  /** The message was deleted. */
  readonly deleted?: true | undefined;
  /** The message was edited: the id of the latest edit, a ULID. */
  readonly edit?: string | undefined;
  /** Only in the history: the reactions to the message, if there are any. Later changes are {@link Reacted}. */
  readonly reactions?: Reactions | undefined;
  /** Only in the history, for moderators: the earlier texts of an edited message, oldest first. */
  readonly versions?: readonly string[] | undefined;
}

/** The reactions to a message. */
export interface Reactions {
  readonly counts: readonly { readonly emoji: string; readonly count: number }[];
  /** The reaction of this user. Only in the history. */
  readonly own?: string | undefined;
  /** Grows with each change: the reactions with the highest revision are the current ones. */
  readonly revision: number;
}

/** The reactions to a message have changed. */
export interface Reacted {
  readonly type: "reacted";
  readonly channel: string;
  /** The id of the message. */
  readonly id: string;
  /** The user who reacted. Undefined in the history. */
  readonly user?: string | undefined;
  /** The reaction of `user`. Undefined if `user` removed it, and in the history. */
  readonly emoji?: string | undefined;
  readonly reactions: Reactions;
  /** The id of this record of the change: a ULID. A repeated frame has another id. */
  readonly change: string;
}

/** The sender of a message edited it. */
export interface Edited {
  readonly type: "edited";
  readonly channel: string;
  /** The id of the edited message. */
  readonly id: string;
  /** The new text. */
  readonly data: string;
  /** The id of the edit, a ULID: an edit with a later id is newer. */
  readonly edit: string;
  /** The id of this record of the edit: a ULID. A repeated frame has another id. */
  readonly change: string;
}

/** A message to one user only. */
export interface DirectMessage {
  readonly type: "direct";
  /** The name of the recipient. */
  readonly to: string;
  readonly id: string;
  readonly from: string;
  /** The message text. Empty if the message was deleted. */
  readonly data: string;
  /** ISO 8601. */
  readonly at: string;
  /** The id of the sender's request, in a chat that stores direct messages. */
  readonly clientMessageId?: string | undefined;
  /** The id of the message that this one replies to. That message can be deleted, expired or unknown. */
  readonly replyTo?: string | undefined;
  /** Only in a conversation: the message was deleted. */
  readonly deleted?: true | undefined;
  /** Only in a conversation: the id of the latest edit, a ULID. */
  readonly edit?: string | undefined;
  /** Only in a conversation: the reactions to the message, if there are any. */
  readonly reactions?: Reactions | undefined;
  /** A backend published the message, so `from` is not the name of a user. */
  readonly publisher?: true | undefined;
}

/** A moderator, or the sender, deleted a message. */
export interface Deletion {
  readonly type: "deleted";
  readonly channel: string;
  /** The id of the deleted message. */
  readonly id: string;
  readonly by: string;
  /** The id of the deletion itself: a ULID. */
  readonly change: string;
}

/** The conversation of a direct message that has changed. */
interface InConversation {
  /** The other user, or the backend. */
  readonly direct: string;
  /** The conversation is with a backend that publishes under the name. */
  readonly publisher?: true | undefined;
}

/** The sender of a direct message edited it: an {@link Edited} with `direct`, the other user, in place of `channel`. */
export interface DirectEdited extends Omit<Edited, "channel">, InConversation {}

/** The sender of a direct message deleted it: a {@link Deletion} with `direct`, the other user, in place of `channel`. */
export interface DirectDeletion extends Omit<Deletion, "channel">, InConversation {}

/** The reactions to a direct message have changed: a {@link Reacted} with `direct`, the other user, in place of `channel`. */
export interface DirectReacted extends Omit<Reacted, "channel">, InConversation {}

/** A change of a direct message, in a chat that stores them. */
export type DirectChange = DirectEdited | DirectDeletion | DirectReacted;

export interface Joined {
  readonly type: "joined";
  readonly channel: string;
  readonly user: string;
}

export interface Left {
  readonly type: "left";
  readonly channel: string;
  readonly user: string;
}

export interface Named {
  readonly type: "named";
  readonly channel: string;
  /** The new name. */
  readonly user: string;
  /** The former name. */
  readonly before: string;
}

/** A user is typing. There is no event for the end: ignore it after a few seconds. */
export interface Typing {
  readonly type: "typing";
  readonly channel: string;
  readonly user: string;
}

/** This user was invited to a private channel, and can join it. */
export interface Invited {
  readonly type: "invited";
  readonly channel: string;
  readonly by: string;
}

/** This user's invitation to a private channel was revoked. */
export interface Revoked {
  readonly type: "revoked";
  readonly channel: string;
  readonly by: string;
}

/** A moderator closed all connections of this user. */
export interface Kicked {
  readonly type: "kicked";
  readonly by: string;
}

/** A moderator banned this user. */
export interface Banned {
  readonly type: "banned";
  readonly by: string;
  /** When the ban ends: ISO 8601. Undefined: when a moderator lifts it. */
  readonly until?: string | undefined;
}

/** A moderator muted this user in a channel. */
export interface Muted {
  readonly type: "muted";
  readonly channel: string;
  readonly by: string;
  /** ISO 8601. */
  readonly until: string;
}

/** A moderator ended a mute of this user. */
export interface Unmuted {
  readonly type: "unmuted";
  readonly channel: string;
  readonly by: string;
}

/** This user has read messages of a channel or a conversation, on another connection. */
export interface ReadNotice {
  readonly type: "read";
  readonly channel?: string | undefined;
  /** Instead of `channel`: the other user of the conversation, or the backend. */
  readonly direct?: string | undefined;
  /** The conversation is with the backend of this name. */
  readonly publisher?: true | undefined;
  /** The id of the last message that the user has read. */
  readonly id: string;
}

/** The other user of a conversation has read messages. */
export interface Receipt {
  readonly type: "receipt";
  /** The user who has read the messages. */
  readonly direct: string;
  /** The id of the last message that the user has read. */
  readonly id: string;
}
