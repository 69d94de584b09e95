import { CHANNELS_PER_CONNECTION_MAX, isPrivate, LASTING_CHANNELS_MAX } from "./channel.ts";
import type { Channels } from "./ports.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";

/*
 * Errors that several routes return. Constants are literals, so that bundles do not have those that they do not use: esbuild
 * keeps calls of functions.
 */

/** The same text for a channel that does not exist and for a private one, so that it does not reveal the private one. */
export const unknownChannel = (channel: string): Refusal =>
  refuse(
    "unknown-channel",
    `The channel "${channel}" does not exist, or you have no access to it. Joining it creates it if you are allowed to.`,
  );

/** The error for a user who is not a member. The existence of a private channel is neither read nor revealed. */
export async function refuseNonMember(
  { channels }: { readonly channels: Pick<Channels, "shardsOf"> },
  channel: string,
): Promise<Refusal> {
  return !isPrivate(channel) && (await channels.shardsOf(channel))
    ? refuse("not-a-member", `You are not a member of the channel "${channel}". Join it first.`)
    : unknownChannel(channel);
}

export const TOO_MANY_CHANNELS: Refusal = {
  code: "too-many-channels",
  detail: `You are in ${CHANNELS_PER_CONNECTION_MAX} channels, the maximum for a connection. Leave one first.`,
};

/** Other connections of the user can be in these channels. */
export const TOO_MANY_LASTING_CHANNELS: Refusal = {
  code: "too-many-channels",
  detail: `You are a member of ${LASTING_CHANNELS_MAX} channels besides the lobby, the maximum for a user. Leave one first.`,
};

export const TOKEN_EXPIRED: Refusal = {
  code: "token-expired",
  detail: "Your token has expired. Reconnect with a new one.",
};

export const TOO_MANY_MESSAGES: Refusal = {
  code: "too-many-messages",
  detail:
    "You sent more messages than the limit allows. Wait a second: the connection is closed if it exceeds the limit again.",
};

export const FIXED_NAME: Refusal = {
  code: "fixed-name",
  detail: "Your name comes from your sign-in and cannot be changed.",
};

export const UNAUTHENTICATED: Refusal = {
  code: "unauthenticated",
  detail: "Private channels require authentication, which is off in this environment. Join a public channel instead.",
};

export const UNKNOWN_USER: Refusal = {
  code: "unknown-user",
  detail: "No connected user has that name. Check the name, or try later.",
};

export const UNKNOWN_CONNECTION: Refusal = {
  code: "reconnect",
  detail: "The chat no longer knows this connection. Close it and reconnect.",
};

export const INTERNAL: Refusal = {
  code: "internal",
  detail: "The chat failed to handle this frame. Wait a moment, then send it again.",
};
