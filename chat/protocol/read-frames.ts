import * as v from "valibot";
import { CHANNELS_PER_CONNECTION_MAX, LOBBY } from "../channel.ts";
import { channel, id, invalid, missingField, ulid } from "./fields.ts";

/*
 * The frames of read markers. They are in a file of their own because bundles leave out files of which they use nothing,
 * and otherwise have the schemas of all frames.
 */

const invalidChannels = invalid("channels", `it must be a list of 1 to ${CHANNELS_PER_CONNECTION_MAX} channel names`);
const channels = v.pipe(
  v.array(channel, invalidChannels),
  v.minLength(1, invalidChannels),
  v.maxLength(CHANNELS_PER_CONNECTION_MAX, invalidChannels),
  v.description("The channels, of which the client is a member. If omitted, all channels of the connection."),
);

export const Read = v.object(
  {
    id: v.optional(id),
    channel: v.optional(channel, LOBBY),
    target: ulid("target", "The id of the last message that the user has read."),
  },
  missingField,
);
export const Unread = v.object({ id: v.optional(id), channels: v.optional(channels) }, missingField);

export type Read = v.InferOutput<typeof Read>;
export type Unread = v.InferOutput<typeof Unread>;
