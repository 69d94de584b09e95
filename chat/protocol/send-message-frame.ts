import * as v from "valibot";
import { LOBBY } from "../channel.ts";
import { isUser } from "../user.ts";
import { channel, data, id, invalid, missingField, ulid } from "./fields.ts";

/* In a separate file, so that the bundles of functions that send messages do not have the schemas of other frames. */

export const replyTo = ulid(
  "replyTo",
  "The id of the message of the same channel that this one replies to. The chat does not check that it exists.",
);

export const MENTIONS_MAX = 20;

const MENTIONS_RULE = `it must be a list of 1 to ${MENTIONS_MAX} different names of users`;
const invalidMentions = invalid("mentions", MENTIONS_RULE);
export const mentions = v.pipe(
  v.array(v.pipe(v.string(invalidMentions), v.check(isUser, invalidMentions)), invalidMentions),
  v.minLength(1, `"mentions" is an empty list; ${MENTIONS_RULE}.`),
  v.maxLength(MENTIONS_MAX, ({ received }) => `"mentions" has ${received} names; ${MENTIONS_RULE}.`),
  v.check((names) => new Set(names).size === names.length, `"mentions" has a name twice; ${MENTIONS_RULE}.`),
  v.description(
    `The names of the mentioned users: 1 to ${MENTIONS_MAX}, each once. The chat does not check that the users exist, and does not search the text for mentions.`,
  ),
);

/** `{"message":"sendmessage","data":"hi","channel":"lobby","id":"c-1"}` */
export const SendMessage = v.object(
  {
    id: v.optional(id),
    channel: v.optional(channel, LOBBY),
    data,
    replyTo: v.optional(replyTo),
    mentions: v.optional(mentions),
  },
  missingField,
);

export type SendMessage = v.InferOutput<typeof SendMessage>;
