import * as v from "valibot";
import { channel, flag, user } from "./fields.ts";

/* In a module of its own, because a bundle has the schemas of all modules of which it uses one. */

/** The fields of a frame about a channel or a conversation. */
export const inPlace = {
  // Without a default, so that a frame with both `channel` and `direct` is refused.
  channel: v.optional(channel),
  direct: v.optional(user("direct", "Instead of `channel`: the conversation with this user.")),
  publisher: v.optional(flag("publisher", "With `direct`: the conversation with the backend of this name.")),
};
