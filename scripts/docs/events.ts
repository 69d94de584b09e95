import { eventSchemas } from "../../chat/events.ts";
import { EVENT_SOURCE } from "../../chat/use-cases/send-events.ts";
import { table } from "./markdown.ts";
import { schemaOf } from "./schema.ts";

/** The fields that every event has. */
const COMMON = {
  eventId: { type: "string", description: "A ULID. A repeated event has the same id." },
  at: { type: "string", description: "The time of the event, in ISO 8601." },
};

const details = Object.entries(eventSchemas).map(([type, schema]) => {
  const { properties, required = [], ...own } = schemaOf(schema);
  const detail = {
    ...own,
    properties: { ...COMMON, ...properties },
    required: [...Object.keys(COMMON), ...required],
  };
  return { type, detail };
});

/** The schema of the whole event, as a target of a rule receives it. */
export const eventsSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "An event of the chat",
  type: "object",
  properties: { source: { const: EVENT_SOURCE }, "detail-type": { enum: details.map(({ type }) => type) } },
  required: ["source", "detail-type", "detail"],
  oneOf: details.map(({ type, detail }) => ({ properties: { "detail-type": { const: type }, detail } })),
};

const fieldsOf = ({ detail: { properties, required } }: (typeof details)[number]): string =>
  Object.keys(properties)
    .filter((name) => !Object.hasOwn(COMMON, name))
    .map((name) => `\`${name}\`${required.includes(name) ? "" : " (optional)"}`)
    .join(", ");

const WHEN: Readonly<Record<keyof typeof eventSchemas, string>> = {
  "message stored": "a message to a channel is stored, including announcements of chat-ops",
  "message edited": "a sender edits a message. A repeated frame sends the event again",
  "message deleted": "a moderator, or the sender, deletes a message",
  "reaction changed":
    "with `reactions`, a user sets or removes a reaction to a message. Not sent when a message is deleted with its reactions",
  "direct message unreceived":
    "with `directConversations`, a direct message is stored, and its recipient has no connection",
  "mention unreceived": "a message to a channel mentions a user who has no connection. Requires authenticated users",
  "member joined": "a connection joins a channel, including the lobby at its handshake",
  "member left": "a connection leaves a channel, or ends. See [lasting membership](#members-with-lasting-membership)",
  "user kicked": "a moderator closes the connections of a user",
  "user banned": "a moderator bans a user. Without `until`, the ban is permanent",
  "user unbanned": "a moderator lifts a ban",
  "user muted": "a moderator mutes a user in a channel",
  "user unmuted": "a moderator ends a mute",
  "chat-ops acted": "an entry is added to the audit trail of chat-ops",
};

export const eventTable = table(
  ["`detail-type`", "sent when", "fields of `detail`"],
  details.map((each) => [`\`${each.type}\``, WHEN[each.type as keyof typeof WHEN], fieldsOf(each)]),
);
