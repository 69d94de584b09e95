import { CHANNELS_PER_CONNECTION_MAX, isPrivate } from "./channel.ts";
import type { Channels } from "./ports.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";

/** What somebody may not know of and what is not there are told by the same words. */
export const unknownChannel = (channel: string): Refusal =>
  refuse("unknown-channel", `There is no channel "${channel}" for you; joining makes it, where you may.`);

/** Why somebody who is no member is refused. Of a private channel nobody looks whether it is there. */
export async function refuseOutsider(
  { channels }: { readonly channels: Pick<Channels, "shardsOf"> },
  channel: string,
): Promise<Refusal> {
  return !isPrivate(channel) && (await channels.shardsOf(channel))
    ? refuse("not-a-member", `You are not in the channel "${channel}"; join it first.`)
    : unknownChannel(channel);
}

export const TOO_MANY_CHANNELS = refuse(
  "too-many-channels",
  `You are in ${CHANNELS_PER_CONNECTION_MAX} channels, which is as many as a connection may join; leave one first.`,
);

export const TOKEN_EXPIRED = refuse("token-expired", "Your token has ended; connect again with a new one.");

export const TOO_MANY_MESSAGES = refuse(
  "too-many-messages",
  "You sent more messages than the limit allows. Wait a second: the connection is closed if it exceeds the limit again.",
);

export const FIXED_NAME = refuse("fixed-name", "You are called what you have signed in as; nobody may change it here.");

export const UNAUTHENTICATED = refuse(
  "unauthenticated",
  "Nobody is asked who they are here, so no channel can be kept to some.",
);

export const UNKNOWN_USER = refuse("unknown-user", "Nobody who is connected has that name.");

export const UNKNOWN_CONNECTION = refuse(
  "reconnect",
  "This connection is not known any more; close it and connect again.",
);
