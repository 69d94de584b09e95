import * as v from "valibot";

/*
 * The events that an environment with the setting `events` sends to its event bus. Other programs depend on them: add
 * fields and events, but never change or remove one. Only the generator of the documents evaluates the schemas; functions
 * import the types.
 */

const text = (description: string) => v.pipe(v.string(), v.description(description));
const channel = text("The name of the channel.");
const user = text("The name of the user.");
const by = text("The name of the moderator.");
const until = text("The time at which the ban or mute ends, in ISO 8601.");
const connectionId = text("The id of the connection in API Gateway.");
const member = { channel, user, connectionId, authenticated: v.boolean() };

const schemas = {
  "message stored": v.object({
    id: text("The id of the message, a ULID."),
    channel,
    from: text("The name of the sender."),
    data: text("The text of the message."),
    clientMessageId: v.optional(text("The `id` of the client's frame.")),
    publisher: v.optional(v.pipe(v.literal(true), v.description("A backend published the message."))),
    replyTo: v.optional(text("The id of the message that this one replies to.")),
    mentions: v.optional(v.pipe(v.array(v.string()), v.readonly(), v.description("The names of the mentioned users."))),
  }),
  "message edited": v.object({
    id: text("The id of the edited message."),
    channel,
    from: text("The name of the sender."),
    data: text("The new text of the message."),
    edit: text("The id of the edit, a ULID: an edit with a later id is newer."),
  }),
  "message deleted": v.object({
    id: text("The id of the deleted message."),
    channel,
    by: text("The name of the moderator or the sender."),
  }),
  "reaction changed": v.object({
    id: text("The id of the message."),
    channel,
    user,
    emoji: v.exactOptional(text("The reaction of the user. Missing if the user has removed it.")),
    revision: v.pipe(
      v.number(),
      v.description("Grows with each change of the reactions to the message: a higher revision is newer."),
    ),
  }),
  "direct message unreceived": v.object({
    id: text("The id of the message, a ULID."),
    user: text("The name of the user who has no connection."),
    from: text("The name of the sender."),
    publisher: v.optional(v.pipe(v.literal(true), v.description("A backend published the message."))),
  }),
  "mention unreceived": v.object({
    id: text("The id of the message, a ULID."),
    channel,
    user: text("The name of the mentioned user, who has no connection."),
    from: text("The name of the sender."),
    publisher: v.optional(v.pipe(v.literal(true), v.description("A backend published the message."))),
  }),
  "member joined": v.object(member),
  "member left": v.object({
    ...member,
    connectionId: v.exactOptional(
      text(
        "The id of the connection in API Gateway. Omitted if a lasting membership ends while no connection is in the channel.",
      ),
    ),
  }),
  "user kicked": v.object({ user, by }),
  "user banned": v.object({ user, by, until: v.exactOptional(until) }),
  "user unbanned": v.object({ user, by }),
  "user muted": v.object({ user, by, channel, until }),
  "user unmuted": v.object({ user, by, channel }),
  "chat-ops acted": v.object({
    service: text("The key of the service."),
    action: v.exactOptional(text("The action. Omitted if the request has no known action.")),
    by: text('The name of the user, or "the schedule".'),
    outcome: v.picklist(["asked", "begun", "lost", "done", "failed", "refused"]),
  }),
};

/** The fields of each event, by its `detail-type`. */
export const eventSchemas: {
  readonly [Type in keyof typeof schemas]: (typeof schemas)[Type];
} = schemas;

export type EventType = keyof typeof schemas;

/** An event with its fields. */
export type ChatEvent = {
  readonly [Type in EventType]: { readonly type: Type } & Readonly<v.InferOutput<(typeof schemas)[Type]>>;
}[EventType];

/** An event as it is queued for the function that sends it. */
export interface QueuedEvent {
  /** A ULID. A repeated event has the same id. */
  readonly eventId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event: ChatEvent;
}
