import type { ErrorCode } from "./error-code.ts";
import type {
  Deletion,
  DirectDeletion,
  DirectEdited,
  DirectMessage,
  DirectReacted,
  Edited,
  Message,
  Reacted,
} from "./protocol.ts";

/* The frames that answer a request of the client. */

/** The confirmation of a request. */
export interface Ack {
  readonly type: "ack";
  readonly id?: string | undefined;
  /** The route of the request. */
  readonly request: string;
  /** The id of the message that the request sent. */
  readonly message?: string | undefined;
  /** The result of a chat-ops action, for people. */
  readonly detail?: string | undefined;
  readonly user?: string | undefined;
  readonly at?: string | undefined;
  readonly channel?: string | undefined;
}

/** A page of the messages of a channel, oldest first. */
export interface HistoryPage {
  readonly type: "history";
  readonly id?: string | undefined;
  readonly channel: string;
  readonly messages: readonly Message[];
  /** Only with `after`: the deletions after that id. */
  readonly changes?: readonly Deletion[] | undefined;
  /** Only with `after`: the messages that were edited after that id, with their current texts. */
  readonly edits?: readonly Edited[] | undefined;
  /** Only with `after`: the messages whose reactions changed after that id. */
  readonly reactions?: readonly Reacted[] | undefined;
  /** Where to continue. Undefined on the last page. */
  readonly cursor?: { readonly before?: string | undefined; readonly after?: string | undefined } | undefined;
}

/** A page of the direct messages with a user or a backend, oldest first. */
export interface ConversationPage {
  readonly type: "conversation";
  readonly id?: string | undefined;
  /** The name of the other user, or of the backend. */
  readonly direct: string;
  /** The conversation is with the backend of this name. */
  readonly publisher?: true | undefined;
  readonly messages: readonly DirectMessage[];
  /** Only with `after`: the deletions after that id. */
  readonly changes?: readonly DirectDeletion[] | undefined;
  /** Only with `after`: the messages that were edited after that id, with their current texts. */
  readonly edits?: readonly DirectEdited[] | undefined;
  /** Only with `after`: the messages whose reactions changed after that id. */
  readonly reactions?: readonly DirectReacted[] | undefined;
  /** The id of the last message that the other user has read, in a chat with read receipts. */
  readonly receipt?: string | undefined;
  /** Where to continue. Undefined on the last page. */
  readonly cursor?: { readonly before?: string | undefined; readonly after?: string | undefined } | undefined;
}

/** A conversation of this user. */
export interface Conversation {
  /** The name of the other user, or of the backend. */
  readonly direct: string;
  /** The conversation is with the backend of this name. */
  readonly publisher?: true | undefined;
  /** The id of the latest message. */
  readonly last: string;
  /** The id of the latest edit, deletion or reaction. */
  readonly change?: string | undefined;
}

/** A page of this user's conversations, in no particular order. */
export interface ConversationsPage {
  readonly type: "conversations";
  readonly id?: string | undefined;
  readonly conversations: readonly Conversation[];
  /** Where to continue. Undefined on the last page. */
  readonly cursor?: string | undefined;
}

/** A page of the members of a channel. A user with several connections can be on several pages. */
export interface MembersPage {
  readonly type: "members";
  readonly id?: string | undefined;
  readonly channel: string;
  readonly members: readonly string[];
  /** Where to continue. Undefined on the last page. */
  readonly cursor?: string | undefined;
}

/** A page of the channels: the lobby, the user's private channels, then all public ones in alphabetical order. */
export interface ChannelsPage {
  readonly type: "channels";
  readonly id?: string | undefined;
  readonly channels: readonly string[];
  /** Where to continue. Undefined on the last page. */
  readonly cursor?: string | undefined;
  /** The request had `mine`. */
  readonly mine?: true | undefined;
  readonly user?: string | undefined;
  readonly at?: string | undefined;
}

/** The unread messages of a channel, without this user's own and deleted ones. */
export interface UnreadCount {
  readonly channel: string;
  readonly count: number;
  /** There can be more: `count` is a lower bound, as in "99+". If it is 0, show a dot, for example. */
  readonly more?: true | undefined;
  /** The id of the last message that the user has read. Undefined: all stored messages are unread. */
  readonly read?: string | undefined;
}

/** The unread messages of a conversation, without this user's own ones. */
export interface UnreadConversation extends Omit<UnreadCount, "channel"> {
  /** The name of the other user, or of the backend. */
  readonly direct: string;
  /** The conversation is with the backend of this name. */
  readonly publisher?: true | undefined;
  /** The id of the last message that the other user has read, in a chat with read receipts. */
  readonly receipt?: string | undefined;
}

export interface UnreadCounts {
  readonly type: "unread";
  readonly id?: string | undefined;
  readonly counts: readonly UnreadCount[];
  readonly conversations?: readonly UnreadConversation[] | undefined;
}

/** A request was refused, or could not be handled. */
export interface ErrorFrame {
  readonly type: "error";
  readonly id?: string | undefined;
  readonly request: string;
  readonly code: ErrorCode;
  /** For people. The text can change; `code` does not. */
  readonly detail: string;
}
