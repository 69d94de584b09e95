import { CONVERSATION } from "./channel.ts";
import { type Connected, isAuthenticated } from "./connection.ts";
import { type Message, sentAt, type Version } from "./message.ts";
import type { Messages } from "./message-ports.ts";
import type { Now } from "./ports.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";

/** How long users can edit and delete their own messages. Off: they cannot. */
export interface OwnMessageSettings {
  readonly ownMessageMinutes: number | "off";
}

export interface OwnMessagePorts extends OwnMessageSettings {
  readonly messages: Pick<Messages, "get">;
  readonly now: Now;
}

/**
 * The author that is stored with a message. Guests can take over a name, but not a connection, so a guest's messages belong
 * to the connection.
 */
export const authorOf = (connected: Connected): string =>
  isAuthenticated(connected) ? `USER#${connected.user}` : `CONNECTION#${connected.id}`;

type Target = Pick<Message, "channel" | "id">;

/** Reads a message of the connection's own, also if it was deleted or is too old to be changed. */
export async function readOwn(
  { messages }: Pick<OwnMessagePorts, "messages">,
  connected: Connected,
  target: Target,
): Promise<{ readonly message: Message } | { readonly refusal: Refusal }> {
  const message = await messages.get(target);
  if (!message) return { refusal: unknownMessage(target) };
  return message.author === authorOf(connected) ? { message } : { refusal: NOT_YOUR_MESSAGE };
}

/** The error for a message that is too old to be changed. Undefined if it is not. */
export function refuseLate(
  { ownMessageMinutes, now }: Omit<OwnMessagePorts, "messages">,
  message: Pick<Message, "id">,
) {
  if (ownMessageMinutes !== "off" && now() - sentAt(message) <= ownMessageMinutes * 60_000) return undefined;
  const limit =
    ownMessageMinutes === "off"
      ? "Messages cannot be edited or deleted by their senders in this environment."
      : `The message is older than ${ownMessageMinutes} minutes, and can no longer be edited or deleted by its sender.`;
  return refuse("not-allowed", limit);
}

// Literals, so that bundles do not have those that they do not use: esbuild keeps calls of functions.
export const UNKNOWN_MESSAGE: Refusal = {
  code: "unknown-message",
  detail: "The channel has no message with this id, or the message has expired.",
};

export const NOT_IN_CONVERSATION: Refusal = {
  code: "unknown-message",
  detail: "The conversation has no message with this id, or the message has expired.",
};

export const unknownMessage = ({ channel }: Pick<Target, "channel">): Refusal =>
  channel.startsWith(CONVERSATION) ? NOT_IN_CONVERSATION : UNKNOWN_MESSAGE;

const NOT_YOUR_MESSAGE: Refusal = {
  code: "not-allowed",
  detail: "The message is not yours. Guests can only edit and delete messages of the same connection.",
};

export const VERSIONS_MAX = 10;

/** A version counts with the bytes of its JSON, so that the versions of one message fit into a frame of `history`. */
export const VERSIONS_BYTES_MAX = 65_536;

/** Adds the current text to the versions. The text as it was sent is always kept, then the latest ones that fit. */
export function versionsWith({ data, editDigest, versions = [] }: Message): readonly Version[] {
  const current = { data, ...(editDigest !== undefined && { editDigest }) };
  const [original = current, ...later]: Version[] = [...versions, current];
  const isTooMuch = () =>
    later.length >= VERSIONS_MAX || Buffer.byteLength(JSON.stringify([original, ...later])) > VERSIONS_BYTES_MAX;
  while (later.length > 1 && isTooMuch()) later.shift();
  return [original, ...later];
}
