import * as v from "valibot";
import { channel, ulid } from "./fields.ts";
import { by, frame, text, type } from "./frame-fields.ts";

/* The frames with messages, and with changes of messages. */

const sent = {
  id: ulid("id", "The id of the message, a ULID: sorts by the time at which it was sent."),
  from: text("The name that the sender had at that time."),
  data: text("The message text."),
  at: v.pipe(v.string(), v.isoTimestamp(), v.description("The time at which it was sent. The `id` has it too.")),
};

const reactions = (own: string) =>
  v.object({
    counts: v.pipe(
      v.array(
        v.object({
          emoji: text("The emoji."),
          count: v.pipe(v.number(), v.description("The number of users who reacted with it.")),
        }),
      ),
      v.readonly(),
      v.description("The emojis of the reactions. Empty if the message has no reactions."),
    ),
    own: v.optional(text(own)),
    revision: v.pipe(
      v.number(),
      v.description("Grows with each change. If the client has a higher revision, it ignores these counts."),
    ),
  });

const publisher = v.optional(
  v.pipe(
    v.literal(true),
    v.description(
      "A backend published the message: `from` is its name, and not the name of a user. Otherwise omitted.",
    ),
  ),
);

const replyTo = v.optional(
  ulid(
    "replyTo",
    "The id of the message that this one replies to. It can be the id of a deleted, expired or unknown message.",
  ),
);

/** The changes of a message so far, which only frames of this type have. */
const current = (page: string) => ({
  edit: v.optional(
    ulid(
      "edit",
      `Only in \`${page}\`: the id of the latest edit, a ULID: sorts by the time of the edit. Otherwise omitted.`,
    ),
  ),
  reactions: v.optional(
    v.pipe(
      reactions("The reaction of this user."),
      v.description(
        `Only in \`${page}\`, with the setting \`reactions\`: the reactions to the message, if there are any.`,
      ),
    ),
  ),
});

export const message = frame("A member of a channel, possibly the client itself, sent a message to the channel.", {
  type: type("message"),
  channel,
  ...sent,
  clientMessageId: v.optional(
    text("The `id` of the `sendmessage` frame, if it had one, by which the sender recognizes its own message."),
  ),
  publisher,
  replyTo,
  mentions: v.optional(
    v.pipe(
      v.array(v.string()),
      v.readonly(),
      v.description("The names of the mentioned users. An edit does not change them. Omitted for a deleted message."),
    ),
  ),
  deleted: v.optional(
    v.pipe(
      v.literal(true),
      v.description("Only in `history`: the message was deleted, and `data` is empty. Otherwise omitted."),
    ),
  ),
  ...current("history"),
  versions: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description(
        "Only in `history`, for moderators: the earlier texts of an edited message, oldest first. The first is the text as it was sent.",
      ),
    ),
  ),
});

const conversationPublisher = v.optional(
  v.pipe(v.literal(true), v.description("The conversation is with the backend of this name.")),
);

/** The frames of changes of messages, which are in a channel or in a conversation. */
const changesIn = <const Place extends v.ObjectEntries>(place: Place) => ({
  edited: frame("The sender of a message edited it. Show the new text.", {
    type: type("edited"),
    ...place,
    id: ulid(
      "id",
      "The id of the edited message. A client that does not have the message yet keeps the text for it. If the message was deleted, the client ignores the frame.",
    ),
    data: text("The new message text."),
    edit: ulid(
      "edit",
      "The id of the edit, a ULID: sorts by the time of the edit. If the client has an edit with the same or a later id, it ignores the frame.",
    ),
    change: ulid("change", "The id of this record of the edit, a ULID. A repeated frame has another id."),
  }),

  reacted: frame("The reactions to a message have changed. Show the new counts.", {
    type: type("reacted"),
    ...place,
    id: ulid("id", "The id of the message. If the message was deleted, the client ignores the frame."),
    user: v.optional(text("The user who reacted. Omitted in `history`.")),
    emoji: v.optional(text("The reaction of `user`. Omitted if `user` removed it, and in `history`.")),
    reactions: v.pipe(
      reactions("Only in `history`: the reaction of this user."),
      v.description("The reactions to the message as they are now."),
    ),
    change: ulid("change", "The id of this record of the change, a ULID. A repeated frame has another id."),
  }),

  deleted: frame("A moderator, or the sender, deleted a message. Remove it from view.", {
    type: type("deleted"),
    ...place,
    id: ulid("id", "The id of the deleted message. If the message arrives later, the client ignores it."),
    by,
    change: ulid("change", "The id of the deletion, a ULID: sorts by the time of the deletion."),
  }),
});

/** The lists of changes on a page of messages. */
const pageChangesIn = <const Place extends v.ObjectEntries>(place: Place) => {
  const frames = changesIn(place);
  return {
    changes: v.optional(
      v.pipe(
        v.array(frames.deleted),
        v.description("Only with `after`: the deletions after that id, in order. Omitted if there are none."),
      ),
    ),
    edits: v.optional(
      v.pipe(
        v.array(frames.edited),
        v.description(
          "Only with `after`: the messages that were edited after that id, with their current texts. Omitted if there are none.",
        ),
      ),
    ),
    reactions: v.optional(
      v.pipe(
        v.array(frames.reacted),
        v.description(
          "Only with `after`, and the setting `reactions`: the messages whose reactions have changed after that id. Omitted if there are none.",
        ),
      ),
    ),
  };
};

export const changesInChannel = pageChangesIn({ channel });

export const changesInConversation = pageChangesIn({
  direct: text("The other user of the conversation, or the backend."),
  publisher: conversationPublisher,
});

/** As they are pushed. */
export const { edited, reacted, deleted } = changesIn({
  channel: v.optional(channel),
  direct: v.optional(
    text("Instead of `channel`: the message is in the conversation with this user, or with this backend."),
  ),
  publisher: conversationPublisher,
});

const clientMessageId = text(
  "The `id` of the `direct` frame, if it had one, in environments that store direct messages.",
);

export const direct = frame(
  "A user sent a message to this user only. In environments that store direct messages, the sender's other connections get it as well.",
  {
    type: type("direct"),
    to: text("The name of the recipient."),
    ...sent,
    clientMessageId: v.optional(clientMessageId),
    publisher,
    replyTo,
    deleted: v.optional(
      v.pipe(
        v.literal(true),
        v.description("Only in a `conversation`: the message was deleted, and `data` is empty. Otherwise omitted."),
      ),
    ),
    ...current("conversation"),
  },
);
