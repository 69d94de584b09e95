import * as v from "valibot";
import { id, invalid, missingField, ulid } from "./fields.ts";
import { inPlace } from "./place-fields.ts";

/* In a module of its own, because a bundle has the schemas of all modules of which it uses one. */

/** The longest of these emojis has 35 bytes. https://www.unicode.org/reports/tr51/#def_rgi_set */
const RGI_EMOJI = "\\p{RGI_Emoji}";
// TypeScript refuses a literal with this flag for its target.
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
        "One emoji that is recommended for general interchange (Unicode's RGI set), fully qualified. It replaces an earlier one of the user. Null removes it. Wait for the response before the next reaction to the same message: reactions that are handled at the same time have no order.",
      ),
    ),
  },
  missingField,
);

export type React = v.InferOutput<typeof React>;
