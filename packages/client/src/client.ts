/*
 * The public entry of the package.
 */
export { ChatError, type ChatErrorCode, type EndCode, SignInRequiredError } from "./chat-error.ts";
export type { ClientFrame } from "./client-frames.ts";
export type { Address } from "./connection.ts";
export { createSession } from "./create-session.ts";
export type { ErrorCode } from "./error-code.ts";
export type {
  ConnectionState,
  ModerationEvent,
  PendingMessage,
  PresenceEvent,
  ReceivedDirect,
  ReceivedMessage,
  SessionEvents,
} from "./events.ts";
export { findMentions, type Mention, mentionsIn } from "./mentions.ts";
export { indexedDbOutbox, localStorageOutbox, type OutboxEntry, type OutboxStore } from "./outbox.ts";
export type { NetworkChange, Ports, Socket, SocketConstructor } from "./ports.ts";
export {
  type Banned,
  CHANNEL_NAME,
  DATA_BYTES_MAX,
  type Deletion,
  type DirectChange,
  type DirectDeletion,
  type DirectEdited,
  type DirectMessage,
  type DirectReacted,
  type Edited,
  type Invited,
  type Joined,
  type Kicked,
  type Left,
  LOBBY,
  MENTIONS_MAX,
  type Message,
  type Muted,
  type Named,
  PAGE_MAX,
  RESUME_WINDOW_MILLISECONDS,
  type Reacted,
  type Reactions,
  type ReadNotice,
  type Receipt,
  type Revoked,
  SUBPROTOCOL,
  type Typing,
  type Unmuted,
} from "./protocol.ts";
export { reactionsAfter } from "./reactions.ts";
export type {
  Ack,
  ChannelsPage,
  Conversation,
  ConversationPage,
  ConversationsPage,
  ErrorFrame,
  HistoryPage,
  MembersPage,
  UnreadConversation,
  UnreadCount,
  UnreadCounts,
} from "./replies.ts";
export type { ServerFrame } from "./server-frame.ts";
export type { HistoryOptions, Place, SendOptions, Session } from "./session.ts";
export type { SessionOptions } from "./session-options.ts";
export type { Timing } from "./timing.ts";
export type { CustomRequest } from "./wire.ts";
