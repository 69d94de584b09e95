import * as v from "valibot";
import { LOBBY } from "../channel.ts";
import { channel, flag, id, integer, missingField, user } from "./fields.ts";

/* The frames about other users. In a separate file, so that the bundles of other functions do not have them. */

/** The longest mute: 30 days. */
export const MUTE_SECONDS_MAX = 30 * 24 * 60 * 60;
const muteSeconds = v.pipe(
  integer("seconds", { min: 0, max: MUTE_SECONDS_MAX }),
  v.description("The duration of the mute in seconds. 0 ends the mute."),
);

/** The longest ban with an end: 365 days. */
export const BAN_SECONDS_MAX = 365 * 24 * 60 * 60;
const banSeconds = v.pipe(
  integer("seconds", { min: 1, max: BAN_SECONDS_MAX }),
  v.description("The duration of the ban in seconds. If omitted, the ban lasts until it is lifted with `unban`."),
);

const about = user("user", "The user that the action affects.");
export const Invite = v.object(
  {
    id: v.optional(id),
    channel,
    user: about,
    revoke: v.optional(flag("revoke", "Revokes the invitation and removes the user from the channel.")),
  },
  missingField,
);
export const Kick = v.object({ id: v.optional(id), user: about }, missingField);
export const Ban = v.object({ id: v.optional(id), user: about, seconds: v.optional(banSeconds) }, missingField);
export const Unban = v.object({ id: v.optional(id), user: about }, missingField);
export const Mute = v.object(
  { id: v.optional(id), channel: v.optional(channel, LOBBY), user: about, seconds: muteSeconds },
  missingField,
);

export type Invite = v.InferOutput<typeof Invite>;
export type Kick = v.InferOutput<typeof Kick>;
export type Ban = v.InferOutput<typeof Ban>;
export type Unban = v.InferOutput<typeof Unban>;
export type Mute = v.InferOutput<typeof Mute>;
