import { CHANNELS_PER_CONNECTION_MAX } from "./channel.ts";
import { type Refusal, refuse } from "./frames.ts";
import type { Channels } from "./ports.ts";

/** Why somebody who is no member is refused: there is no such channel, or it has not been joined. */
export async function refuseOutsider(
  { channels }: { readonly channels: Pick<Channels, "shardsOf"> },
  channel: string,
): Promise<Refusal> {
  return (await channels.shardsOf(channel))
    ? refuse("not-a-member", `You are not in the channel "${channel}"; join it first.`)
    : refuse("unknown-channel", `There is no channel "${channel}"; joining makes it.`);
}

export const TOO_MANY_CHANNELS = refuse(
  "too-many-channels",
  `You are in ${CHANNELS_PER_CONNECTION_MAX} channels, which is as many as a connection may join; leave one first.`,
);

export const TOKEN_EXPIRED = refuse("token-expired", "Your token has ended; connect again with a new one.");

export const FIXED_NAME = refuse("fixed-name", "You are called what you have signed in as; nobody may change it here.");

export const UNKNOWN_CONNECTION = refuse(
  "reconnect",
  "This connection is not known any more; close it and connect again.",
);
