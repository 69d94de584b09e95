import * as v from "valibot";
import { CHANNELS_PER_CONNECTION_MAX } from "../channel.ts";
import { channel, flag, id, invalid, missingField, ulid, user } from "./fields.ts";
import { inPlace } from "./place-fields.ts";

/* The frames of read markers. In a separate file, because a bundle has all schemas of each file from which it uses one. */

const invalidChannels = invalid("channels", `it must be a list of 1 to ${CHANNELS_PER_CONNECTION_MAX} channel names`);
const channels = v.pipe(
  v.array(channel, invalidChannels),
  v.minLength(1, invalidChannels),
  v.maxLength(CHANNELS_PER_CONNECTION_MAX, invalidChannels),
  v.description(
    "Channels of which the client is a member. Default: all channels of the connection, or none if the frame has `conversations`.",
  ),
);

const publisher = v.optional(flag("publisher", "With `direct`: the conversation with the backend of this name."));

/** As many as a page of `conversations` has. */
const CONVERSATIONS_MAX = 50;
const invalidConversations = invalid(
  "conversations",
  `it must be a list of 1 to ${CONVERSATIONS_MAX} objects with "direct", such as those of a "conversations" frame`,
);
const conversations = v.pipe(
  v.array(
    v.object({ direct: user("direct", "The other user, or the backend."), publisher }, missingField),
    invalidConversations,
  ),
  v.minLength(1, invalidConversations),
  v.maxLength(CONVERSATIONS_MAX, invalidConversations),
  v.description("Conversations of the user, such as those of a `conversations` frame. Requires `directConversations`."),
);

export const Read = v.object(
  {
    id: v.optional(id),
    ...inPlace,
    target: ulid("target", "The id of the last message that the user has read."),
  },
  missingField,
);
export const Unread = v.object(
  { id: v.optional(id), channels: v.optional(channels), conversations: v.optional(conversations) },
  missingField,
);

export type Read = v.InferOutput<typeof Read>;
export type Unread = v.InferOutput<typeof Unread>;
