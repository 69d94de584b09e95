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

/** A change of a message of a channel, or of a conversation: `direct` is in place of `channel`. */
type InPlace<Change extends { readonly channel: string }> = Omit<Change, "channel"> & {
  readonly channel?: string | undefined;
  readonly direct?: string | undefined;
  readonly publisher?: true | undefined;
};

/** A frame that the chat sends. */
export type ServerFrame =
  | Message
  | DirectMessage
  | InPlace<Deletion>
  | InPlace<Edited>
  | InPlace<Reacted>
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
