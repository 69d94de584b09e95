import type {
  Banned,
  Deletion,
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
import type {
  Ack,
  ChannelsPage,
  ConversationPage,
  ConversationsPage,
  ErrorFrame,
  HistoryPage,
  MembersPage,
  UnreadCounts,
} from "./replies.ts";

/** A frame that the chat sends. */
export type ServerFrame =
  | Message
  | DirectMessage
  | Deletion
  | Edited
  | Reacted
  | Joined
  | Left
  | Named
  | Typing
  | Invited
  | Revoked
  | Kicked
  | Banned
  | Muted
  | Unmuted
  | ReadNotice
  | Receipt
  | Ack
  | HistoryPage
  | ConversationPage
  | ConversationsPage
  | MembersPage
  | ChannelsPage
  | UnreadCounts
  | ErrorFrame;
