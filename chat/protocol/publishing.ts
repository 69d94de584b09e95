import * as v from "valibot";
import { fitsInFrame } from "../message.ts";
import { CHAT_OPS, isName, NAME_RULE } from "../user.ts";
import { channel, data, id, user } from "./fields.ts";
import { mentions, replyTo } from "./send-message-frame.ts";

/* The input and the output of `publish`, for backends. */

/** The most messages of one call. */
export const PUBLISHED_MAX = 100;

/** The sender of messages without `from`. */
export const PUBLISHER = "publisher";

/** The codes of errors that a retry with the same id can resolve. */
export const RETRYABLE = ["not-attempted", "failed"] as const;

/** The error codes, and their meaning for the docs. Codes are stable: backends may switch on them. */
export const publishCodes = {
  "malformed-message": "The message has a missing, invalid or unknown field. Fix it.",
  "channel-not-allowed": "The setting `publish` does not allow the channel.",
  "unknown-channel": "The channel does not exist.",
  "users-not-allowed": "The setting `publish` does not allow messages to users.",
  "unknown-user":
    "The user has no open connection or, with `directConversations`, has never connected. Nothing is stored.",
  "not-attempted": "The call ran out of time before this message. Retry with the same `id`.",
  failed: "The message may have been stored, and delivered to some recipients. Retry with the same `id`.",
} as const;

export type PublishCode = keyof typeof publishCodes;

const FROM_RULE = `${NAME_RULE}; "${CHAT_OPS}" is reserved`;
const invalidFrom = ({ received }: v.BaseIssue<unknown>): string => `"from" is ${received}; ${FROM_RULE}.`;

/** Names each field that is missing or unknown. */
const strict = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, ({ path }: v.StrictObjectIssue) => {
    const fields = Object.keys(entries).join(", ");
    const key = path?.[0]?.key;
    const isKnown = Object.hasOwn(entries, String(key));
    return `"${key}" is ${isKnown ? "missing" : `unknown. Allowed fields: ${fields}`}.`;
  });

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

const messageId = v.pipe(
  id,
  v.description(
    "Identifies the message for ten minutes: the same `from`, channel or user, `data` and `id` are sent once.",
  ),
);

/** One message. Its target is a channel or a user. */
export const Published = v.pipe(
  strict({
    channel: v.optional(channel),
    user: v.optional(user("user", "Instead of `channel`: the authenticated user.")),
    data: v.pipe(
      data,
      v.check(fitsInFrame, '"data" is longer than 32,768 bytes as JSON. Remove control characters, or send less.'),
    ),
    from: v.optional(
      v.pipe(
        v.string(invalidFrom),
        v.check((name) => isName(name) && name.normalize("NFKC").toLowerCase() !== CHAT_OPS, invalidFrom),
        v.description(`The name that clients show: ${FROM_RULE}. Default: \`${PUBLISHER}\`.`),
      ),
    ),
    id: messageId,
    replyTo: v.optional(replyTo),
    mentions: v.optional(mentions),
  }),
  v.check(
    (each) => (each.channel === undefined) !== (each.user === undefined),
    'A message must have either "channel" or "user", and not both.',
  ),
  v.check(
    ({ user, replyTo, mentions }) => user === undefined || (replyTo === undefined && mentions === undefined),
    'A message to a user cannot have "replyTo" or "mentions". Remove them, or send to a channel.',
  ),
);

export type Published = v.InferOutput<typeof Published>;

const MESSAGES_RULE = `"messages" must be an array of 1 to ${PUBLISHED_MAX} messages.`;

/** Each message is validated separately, so that the others are sent if one is invalid. */
const Batch = strict({
  messages: v.pipe(
    v.array(v.unknown(), MESSAGES_RULE),
    v.minLength(1, MESSAGES_RULE),
    v.maxLength(PUBLISHED_MAX, MESSAGES_RULE),
  ),
});

/** For the published JSON Schema. */
export const PublishInput = v.strictObject({
  messages: v.pipe(v.array(Published), v.minLength(1), v.maxLength(PUBLISHED_MAX)),
});

const outcomeId = v.pipe(v.string(), v.description("The `id` of the message."));

/** For the published JSON Schema: the outcomes have the order of the messages. */
export const PublishOutput = v.object({
  outcomes: v.array(
    v.union([
      v.object({
        id: outcomeId,
        messageId: v.pipe(v.string(), v.description("The id of the message in the chat, a ULID.")),
        repeated: v.optional(
          v.pipe(v.literal(true), v.description("An earlier call has sent the message. Otherwise omitted.")),
        ),
      }),
      v.object({
        id: v.optional(v.pipe(outcomeId, v.description("Omitted if the message has no valid `id`."))),
        error: v.object({
          code: v.picklist(Object.keys(publishCodes) as PublishCode[]),
          message: v.pipe(v.string(), v.description("For people. The text can change; `code` does not.")),
        }),
      }),
    ]),
  ),
});

export type PublishOutcome = v.InferOutput<typeof PublishOutput>["outcomes"][number];

/** The outcomes, or the reason why the whole request is invalid. In that case, no message was sent. */
export type PublishResult =
  | { readonly outcomes: readonly PublishOutcome[] }
  | { readonly error: { readonly code: "malformed-request"; readonly message: string } };

type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

export const parseBatch = (input: unknown): Parsed<v.InferOutput<typeof Batch>> => parse(Batch, input);

export const parsePublished = (input: unknown): Parsed<Published> => parse(Published, input);

/** Undefined if the message has no valid id. */
export function idIn(input: unknown): string | undefined {
  const { output, success } = v.safeParse(v.object({ id }), input);
  return success ? output.id : undefined;
}

function parse<Output>(schema: v.GenericSchema<unknown, Output>, input: unknown): Parsed<Output> {
  // Valibot treats an array as an object.
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return { problem: `The value is ${kindOf(input)}; it must be an object.` };
  }
  const { issues, output, success } = v.safeParse(schema, input, { abortPipeEarly: true });
  return success ? { value: output } : { problem: issues.map(({ message }) => message).join(" ") };
}
