import * as v from "valibot";
import { id, invalid, missingField, ulid } from "./fields.ts";
import { inPlace } from "./place-fields.ts";

/* In a separate file, because a bundle has all schemas of each file from which it uses one. */

/** The longest of these emojis has 35 bytes. https://www.unicode.org/reports/tr51/#def_rgi_set */
const RGI_EMOJI = "\\p{RGI_Emoji}";
// Not a literal: TypeScript refuses this flag for its target.
const EMOJI = new RegExp(`^${RGI_EMOJI}$`, "v");

const EMOJI_RULE = 'it must be one emoji, such as "👍", or null to remove the reaction';
const invalidEmoji = invalid("emoji", EMOJI_RULE);
const emoji = v.pipe(
  v.string(invalidEmoji),
  v.check((text) => EMOJI.test(text), invalidEmoji),
);

export const React = v.object(
  {
    id: v.optional(id),
    ...inPlace,
    target: ulid("target", "The id of the message."),
    emoji: v.pipe(
      v.nullable(emoji),
      v.description(
        "One fully qualified emoji of Unicode's RGI set. It replaces the user's earlier reaction. Null removes the reaction. Wait for the response before the next reaction to the same message, because simultaneous reactions have no order.",
      ),
    ),
  },
  missingField,
);

export type React = v.InferOutput<typeof React>;
