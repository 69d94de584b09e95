import * as v from "valibot";
import { type Code, codes } from "./error-codes.ts";
import { channel, id, ulid } from "./fields.ts";

/* Functions take the types of these frames alone, so the schemas are in no bundle. */

const text = (description: string) => v.pipe(v.string(), v.description(description));

const type = <const Type extends string>(name: Type) => v.pipe(v.literal(name), v.description("The type."));

const request = { id: v.optional(id) };
const user = text("Whom it is about.");
const said = {
  id: ulid("id", "The message's, a ULID: sorts by the time it was said."),
  from: text("The name of who said it, at that time."),
  data: text("What was said."),
  at: v.pipe(v.string(), v.isoTimestamp(), v.description("When it was said. The time that is in the `id`.")),
};

/** A frame, described by when it comes. */
const frame = <Entries extends v.ObjectEntries>(description: string, entries: Entries) =>
  v.pipe(v.object(entries), v.description(description));

const by = text("The user who did it.");
const until = v.pipe(v.string(), v.isoTimestamp(), v.description("When it ends."));

const message = frame("Somebody, maybe the client itself, said something in a channel that it is in.", {
  type: type("message"),
  channel,
  ...said,
  clientMessageId: v.optional(
    text("The `id` of the `sendmessage` frame, where it had one. The sender recognizes its own message by it."),
  ),
  deleted: v.optional(
    v.pipe(v.literal(true), v.description("In `history`: it was deleted, and `data` is empty. Otherwise not there.")),
  ),
});

const deleted = frame("A moderator has deleted a message: remove it from view.", {
  type: type("deleted"),
  channel,
  id: ulid("id", "The id of the deleted message. If the client does not have the message yet, it ignores it later."),
  by,
  change: ulid("change", "The id of the deletion, a ULID: sorts by the time of the deletion."),
});

/** What a client of `chat.v1` may get. */
export const serverFrames = {
  message,
  direct: frame("Somebody said something to this user alone. It is stored nowhere.", {
    type: type("direct"),
    to: text("The name it was sent to: this user's."),
    ...said,
  }),
  ack: frame("A frame did what it asks for.", {
    ...request,
    type: type("ack"),
    request: text("The route that took the client's frame."),
    message: v.optional(ulid("message", "The id of what was said by it.")),
    detail: v.optional(text("What a service of chat-ops says: one sentence for a person.")),
    user: v.optional(
      text("To `join` and `leave`: the name of the client's own user. A guest learns its name from it."),
    ),
    at: v.optional(
      v.pipe(
        v.string(),
        v.isoTimestamp(),
        v.description("To `join`: when the chat began to add the client. Read `history` from this time on."),
      ),
    ),
    channel: v.optional(v.pipe(channel, v.description("The full name of a private channel that was asked for."))),
  }),
  joined: frame("Somebody came into a channel.", { type: type("joined"), channel, user }),
  left: frame("Somebody left a channel, or hung up.", { type: type("left"), channel, user }),
  named: frame("Somebody in a channel has another name now.", {
    type: type("named"),
    channel,
    user: text("The name now."),
    before: text("The name until now."),
  }),
  typing: frame("Somebody is typing. Forget it after a few seconds: nobody says that they have stopped.", {
    type: type("typing"),
    channel,
    user,
  }),
  invited: frame("This user may join a private channel from now on.", { type: type("invited"), channel, by }),
  deleted,
  revoked: frame("The invitation to a private channel was revoked. The user is no longer a member of it.", {
    type: type("revoked"),
    channel,
    by,
  }),
  kicked: frame("A moderator closes all connections of this user. Do not reconnect automatically.", {
    type: type("kicked"),
    by,
  }),
  banned: frame("A moderator bans this user and closes all connections. Handshakes are refused until the ban ends.", {
    type: type("banned"),
    by,
    until: v.optional(v.pipe(until, v.description("When it ends. Absent: when a moderator lifts it."))),
  }),
  muted: frame("A moderator muted this user in a channel. `sendmessage` and `typing` are refused there.", {
    type: type("muted"),
    channel,
    by,
    until,
  }),
  unmuted: frame("A moderator ended a mute of this user before its time.", { type: type("unmuted"), channel, by }),
  history: frame("Answers `history`.", {
    ...request,
    type: type("history"),
    channel,
    messages: v.pipe(v.array(message), v.description("Oldest first. The list can be empty.")),
    changes: v.optional(
      v.pipe(
        v.array(deleted),
        v.description("Only with `after`: the deletions after that id, in order. Omitted if there are none."),
      ),
    ),
    cursor: v.optional(
      v.pipe(
        v.object({
          before: v.optional(ulid("before", "The id before which to continue.")),
          after: v.optional(ulid("after", "The id after which to continue.")),
        }),
        v.description("There may be more: ask again with this `before` or `after`. Without it, there is no more."),
      ),
    ),
  }),
  members: frame("Answers `members`.", {
    ...request,
    type: type("members"),
    channel,
    members: v.pipe(v.array(v.string()), v.description("Names. Who has two connections may be on two pages.")),
    cursor: v.optional(text("There is more: ask again with it.")),
  }),
  channels: frame("Answers `channels`.", {
    ...request,
    type: type("channels"),
    channels: v.pipe(v.array(v.string()), v.description("Names: the lobby, then all others in their order.")),
    cursor: v.optional(text("There is more: ask again with it.")),
  }),
  error: frame("A frame was refused, or failed. The connection stays open, unless `code` says otherwise.", {
    ...request,
    type: type("error"),
    request: text("The route that took the client's frame."),
    code: v.pipe(v.picklist(Object.keys(codes) as Code[]), v.description("Why. See [Errors](#errors).")),
    detail: text("One sentence for a person. It may change; `code` does not."),
  }),
} as const;
