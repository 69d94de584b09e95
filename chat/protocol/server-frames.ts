import * as v from "valibot";
import { type Code, codes } from "./error-codes.ts";
import { channel, id, ulid } from "./fields.ts";
import { by, frame, text, type } from "./frame-fields.ts";
import {
  changesInChannel,
  changesInConversation,
  deleted,
  direct,
  edited,
  message,
  reacted,
} from "./message-frames.ts";

/* Functions import only the types of these frames, so the schemas are not in any bundle. */

const request = { id: v.optional(id) };
const user = text("The user.");
const until = v.pipe(v.string(), v.isoTimestamp(), v.description("The time at which the mute ends."));

const historyCursor = v.optional(
  v.pipe(
    v.object({
      before: v.optional(ulid("before", "The id before which to continue.")),
      after: v.optional(ulid("after", "The id after which to continue.")),
    }),
    v.description("Present if there may be more: repeat the request with this `before` or `after`."),
  ),
);
const publisher = v.optional(
  v.pipe(v.literal(true), v.description("The conversation is with the backend of this name. Otherwise omitted.")),
);
const receipt = v.optional(
  ulid(
    "receipt",
    "The id of the last message that the other user has read. Only with `readReceipts`, and if the other user has read any.",
  ),
);
const unreadCount = {
  count: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.description("The number of unread messages, except the user's own and deleted messages."),
  ),
  more: v.optional(
    v.pipe(
      v.literal(true),
      v.description("There can be more unread messages: `count` is a lower bound, which can be 0. Otherwise omitted."),
    ),
  ),
  read: v.optional(
    ulid("read", "The id of the last message that the user has read. If omitted, all stored messages are unread."),
  ),
};

/** The frames that a client of `chat.v1` can receive. */
export const serverFrames = {
  message,
  direct,
  ack: frame("A frame was handled successfully.", {
    ...request,
    type: type("ack"),
    request: text("The route key of the client's frame."),
    message: v.optional(ulid("message", "The id of the message that the frame sent.")),
    detail: v.optional(text("The result of a chat-ops action, for people.")),
    user: v.optional(
      text("For `join` and `leave`: the name of the client's own user. A guest learns its name from it."),
    ),
    at: v.optional(
      v.pipe(
        v.string(),
        v.isoTimestamp(),
        v.description(
          "For `join`: the time at which the chat began to add the client. Read `history` from this time on.",
        ),
      ),
    ),
    channel: v.optional(
      v.pipe(channel, v.description("For `join` with `private`: the full name of the private channel.")),
    ),
  }),
  joined: frame("A user joined a channel.", { type: type("joined"), channel, user }),
  left: frame("A user left a channel, or disconnected.", { type: type("left"), channel, user }),
  named: frame("A member of a channel changed their name.", {
    type: type("named"),
    channel,
    user: text("The new name."),
    before: text("The former name."),
  }),
  typing: frame("A user is typing. Hide this after a few seconds: no frame reports that the user has stopped.", {
    type: type("typing"),
    channel,
    user,
  }),
  invited: frame("This user was invited to a private channel, and can join it.", {
    type: type("invited"),
    channel,
    by,
  }),
  deleted,
  edited,
  reacted,
  revoked: frame("The invitation to a private channel was revoked. The user is no longer a member of it.", {
    type: type("revoked"),
    channel,
    by,
  }),
  kicked: frame("A moderator is closing all connections of this user. Do not reconnect automatically.", {
    type: type("kicked"),
    by,
  }),
  banned: frame(
    "A moderator banned this user and is closing all connections. Handshakes are refused until the ban ends.",
    {
      type: type("banned"),
      by,
      until: v.optional(
        v.pipe(
          until,
          v.description("The time at which the ban ends. If omitted, the ban lasts until a moderator lifts it."),
        ),
      ),
    },
  ),
  muted: frame("A moderator muted this user in a channel. `sendmessage` and `typing` are refused there.", {
    type: type("muted"),
    channel,
    by,
    until,
  }),
  unmuted: frame("A moderator ended a mute of this user early.", { type: type("unmuted"), channel, by }),
  read: frame("The user has read messages on another connection. Update the unread count.", {
    type: type("read"),
    channel: v.optional(channel),
    direct: v.optional(text("Instead of `channel`: the other user of the conversation, or the backend.")),
    publisher,
    id: ulid("id", "The id of the last message that the user has read."),
  }),
  receipt: frame("The other user of a conversation has read messages. Only with `readReceipts`.", {
    type: type("receipt"),
    direct: text("The user who has read the messages."),
    id: ulid("id", "The id of the last message that the user has read."),
  }),
  history: frame("Response to `history`.", {
    ...request,
    type: type("history"),
    channel,
    messages: v.pipe(v.array(message), v.description("Oldest first. The list can be empty.")),
    ...changesInChannel,
    cursor: historyCursor,
  }),
  conversation: frame("Response to `history` with `direct`.", {
    ...request,
    type: type("conversation"),
    direct: text("The other user, or the backend."),
    publisher,
    messages: v.pipe(v.array(direct), v.description("Oldest first. The list can be empty.")),
    ...changesInConversation,
    receipt,
    cursor: historyCursor,
  }),
  conversations: frame("Response to `conversations`.", {
    ...request,
    type: type("conversations"),
    conversations: v.pipe(
      v.array(
        v.object({
          direct: text("The other user, or the backend."),
          publisher,
          last: ulid("last", "The id of the latest message."),
          change: v.optional(
            ulid("change", "The id of the latest edit, deletion or reaction. Omitted if there was none."),
          ),
        }),
      ),
      v.description("The user's conversations, in no particular order."),
    ),
    cursor: v.optional(text("Present if there is more: repeat the request with this cursor.")),
  }),
  members: frame("Response to `members`.", {
    ...request,
    type: type("members"),
    channel,
    members: v.pipe(
      v.array(v.string()),
      v.description("The names of the members. A user with several connections can be on several pages."),
    ),
    cursor: v.optional(text("Present if there is more: repeat the request with this cursor.")),
  }),
  channels: frame("Response to `channels`.", {
    ...request,
    type: type("channels"),
    channels: v.pipe(
      v.array(v.string()),
      v.description(
        "The names of the channels: the lobby, then the client's private channels, then all public ones in alphabetical order.",
      ),
    ),
    cursor: v.optional(text("Present if there is more: repeat the request with this cursor.")),
    mine: v.optional(
      v.pipe(
        v.literal(true),
        v.description("The request had `mine`: the client is a member of exactly these channels."),
      ),
    ),
    user: v.optional(text("Only with `mine`: the name of the client's own user.")),
    at: v.optional(
      v.pipe(
        v.string(),
        v.isoTimestamp(),
        v.description("Only with `mine`: the time at which the connection began. Read `history` from this time on."),
      ),
    ),
  }),
  unread: frame("Response to `unread`.", {
    ...request,
    type: type("unread"),
    counts: v.pipe(v.array(v.object({ channel, ...unreadCount })), v.description("One item for each channel.")),
    conversations: v.optional(
      v.pipe(
        v.array(v.object({ direct: text("The other user, or the backend."), publisher, ...unreadCount, receipt })),
        v.description("One item for each conversation, if the request has `conversations`."),
      ),
    ),
  }),
  error: frame(
    "A frame was refused, or could not be handled. The connection stays open, unless `code` says otherwise.",
    {
      ...request,
      type: type("error"),
      request: text("The route key of the client's frame."),
      code: v.pipe(v.picklist(Object.keys(codes) as Code[]), v.description("The error code. See [Errors](#errors).")),
      detail: text("An error message for people. The text can change; `code` does not."),
    },
  ),
} as const;
