import * as v from "valibot";
import { LOBBY } from "../channel.ts";
import { banSeconds, channel, flag, id, missingField, muteSeconds, user } from "./fields.ts";

/* The frames about other users. In a file of their own, so that the bundles of other functions leave them out. */

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
