import type { ConnectionState, Conversation as Listed, PendingMessage, Place } from "@serverless-chat/client";
import { channelTitle } from "../model/channel-name.ts";
import { type Chunks, senderOf, withMessage } from "../model/chunks.ts";

/** A channel, or the direct messages with one user. */
export interface Conversation {
  readonly kind: "channel" | "direct";
  /** The name of the channel, of the user or of the program. */
  readonly name: string;
  /** The messages are from a program, to which users cannot reply. */
  readonly isProgram: boolean;
  /** The chat stores the messages. */
  readonly isStored: boolean;
  readonly chunks: Chunks;
  /** Messages of this user that are not stored yet. */
  readonly pending: readonly PendingMessage[];
  readonly unread: number;
  /** There can be more unread messages than the count. */
  readonly hasMoreUnread: boolean;
  /** The id of the last message that the other user has read, in a chat with read receipts. Empty if unknown. */
  readonly receipt: string;
  /** Whether there are older messages. */
  readonly older: "unknown" | "loading" | "some" | "none";
  /** The members who are connected. Undefined until they have been read. */
  readonly members: ReadonlySet<string> | undefined;
  /** The members who have disconnected since, in a chat where they stay in the channel. */
  readonly away: ReadonlySet<string>;
  /** Who is typing, and since when in epoch milliseconds. */
  readonly typing: ReadonlyMap<string, number>;
  /** Epoch milliseconds. */
  readonly mutedUntil: number;
}

/** A sentence for the user. */
export interface Notice {
  readonly text: string;
  readonly isError: boolean;
}

export interface Invitation {
  readonly channel: string;
  readonly by: string;
}

export interface ChatState {
  readonly connection: ConnectionState;
  /** The name of this user. Undefined until the chat has told it. */
  readonly user: string | undefined;
  /**
   * Only messages with later ids can be the user's own. A guest's messages belong to the connection that sent them, so for
   * guests it is the latest id when the connection was opened.
   */
  readonly ownAfter: string;
  /** The name of this user that another connection holds. The page shows it until the chat grants it. */
  readonly claiming: string | undefined;
  /** The chat stores direct messages. */
  readonly storesDirect: boolean;
  /** By key, in the order of the list. */
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** The key of the conversation that is shown. Undefined if there is none. */
  readonly shown: string | undefined;
  readonly invitations: readonly Invitation[];
  readonly notice: Notice | undefined;
  /** The latest message of another user in the conversation that is shown, for screen readers. */
  readonly announcement: string;
}

export const INITIAL_STATE: ChatState = {
  connection: { status: "connecting" },
  user: undefined,
  ownAfter: "",
  claiming: undefined,
  storesDirect: false,
  conversations: new Map(),
  shown: undefined,
  invitations: [],
  notice: undefined,
  announcement: "",
};

export const channelKey = (channel: string): string => `#${channel}`;

export const directKey = (user: string): string => `@${user}`;

/** A program and a user can have the same name. */
export const programKey = (name: string): string => `!${name}`;

/** The key of the direct messages with a user or a program. */
export const conversationKey = ({ direct, publisher }: Pick<Listed, "direct" | "publisher">): string =>
  publisher ? programKey(direct) : directKey(direct);

/** Where the session changes messages of a conversation. Undefined: the chat does not store them. */
export function placeOf({
  kind,
  name,
  isProgram,
  isStored,
}: Pick<Conversation, "kind" | "name" | "isProgram" | "isStored">): Place | undefined {
  if (kind === "channel") return name;
  return isStored ? { direct: name, ...(isProgram && { publisher: true }) } : undefined;
}

/** The name of a conversation as the page shows it. */
export const titleOf = ({ kind, name, isProgram }: Pick<Conversation, "kind" | "name" | "isProgram">): string =>
  kind === "channel" ? channelTitle(name) : senderOf({ from: name, isProgram });

/** The text of the badge. Empty if nothing is unread. A dot if the chat has counted no unread message yet, but there may be some. */
export function badgeOf({ unread, hasMoreUnread }: Pick<Conversation, "unread" | "hasMoreUnread">): string {
  if (unread === 0) return hasMoreUnread ? "•" : "";
  return unread > 99 ? "99+" : `${unread}${hasMoreUnread ? "+" : ""}`;
}

/** Whether the chat has given this name to a user without one. */
export const isGuest = (user: string): boolean => user.startsWith("guest-");

const emptyConversation = (key: string, isStored: boolean): Conversation => ({
  kind: key.startsWith("#") ? "channel" : "direct",
  name: key.slice(1),
  isProgram: key.startsWith("!"),
  isStored,
  chunks: [],
  pending: [],
  unread: 0,
  hasMoreUnread: false,
  receipt: "",
  older: isStored ? "unknown" : "none",
  members: undefined,
  away: new Set(),
  typing: new Map(),
  mutedUntil: 0,
});

/**
 * Changes one conversation. Adds new direct messages, but no channel: an answer can arrive after the user has left. The
 * session tells which channels there are.
 */
export function withConversation(
  state: ChatState,
  key: string,
  change: (conversation: Conversation) => Partial<Conversation>,
): ChatState {
  const conversation = state.conversations.get(key) ?? emptyConversation(key, state.storesDirect);
  if (conversation.kind === "channel" && !state.conversations.has(key)) return state;
  const conversations = new Map(state.conversations).set(key, { ...conversation, ...change(conversation) });
  return { ...state, conversations };
}

/** Keeps the direct messages, and exactly these channels. Shows another conversation if the one that is shown is gone. */
export function withChannels(state: ChatState, channels: readonly string[]): ChatState {
  const keys = channels.map(channelKey);
  const direct = [...state.conversations].filter(([, { kind }]) => kind === "direct");
  const conversations = new Map([
    ...keys.map((key) => [key, state.conversations.get(key) ?? emptyConversation(key, true)] as const),
    ...direct,
  ]);
  const isShown = state.shown !== undefined && conversations.has(state.shown);
  return { ...state, conversations, shown: isShown ? state.shown : conversations.keys().next().value };
}

/** Changes a user's name in the members and in the direct messages. */
export function withRenamed(state: ChatState, before: string, after: string): ChatState {
  const rename = (key: string): string => (key === directKey(before) ? directKey(after) : key);
  const conversations = new Map<string, Conversation>();
  for (const [former, conversation] of state.conversations) {
    const key = rename(former);
    const members = renamedIn(conversation.members, before, after);
    const renamed = { ...conversation, name: key.slice(1), members };
    const other = conversations.get(key);
    conversations.set(key, other ? merged(other, renamed) : renamed);
  }
  return { ...state, conversations, shown: state.shown && rename(state.shown) };
}

/** There can already be direct messages with an earlier user of the new name. */
const merged = (one: Conversation, other: Conversation): Conversation => ({
  ...one,
  chunks: other.chunks.flat().reduce(withMessage, one.chunks),
  unread: one.unread + other.unread,
  hasMoreUnread: one.hasMoreUnread || other.hasMoreUnread,
  typing: new Map([...one.typing, ...other.typing]),
});

function renamedIn(members: Conversation["members"], before: string, after: string): Conversation["members"] {
  if (!members?.has(before)) return members;
  const changed = new Set(members);
  changed.delete(before);
  return changed.add(after);
}

/** Who is typing now: the chat sends no end, so a user counts for a few seconds. */
export const TYPING_MILLISECONDS = 5_000;

export const typingUsers = ({ typing }: Conversation, now: number): readonly string[] =>
  [...typing].filter(([, since]) => now - since < TYPING_MILLISECONDS).map(([user]) => user);
