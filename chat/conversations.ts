import { conversationLog } from "./channel.ts";
import { type Connected, isAuthenticated } from "./connection.ts";
import type { PairOf } from "./message-ports.ts";
import { type Refusal, refuse } from "./protocol/frames.ts";

/* Frames for either a channel or a conversation of the user. */

export interface ConversationPorts {
  readonly pairOf: PairOf;
  /** Whether direct messages are stored. */
  readonly directConversations: boolean;
}

interface Target {
  readonly channel?: string | undefined;
  /** The other user, or the backend. */
  readonly direct?: string | undefined;
  readonly publisher?: boolean | undefined;
}

/** The error for a frame with both, or with a conversation that cannot exist. Undefined if the frame is valid. */
export function refuseTarget(
  { directConversations }: Pick<ConversationPorts, "directConversations">,
  connected: Connected,
  { channel, direct, publisher }: Target,
): Refusal | undefined {
  if (direct === undefined) return publisher ? PUBLISHER_WITHOUT_DIRECT : undefined;
  if (channel !== undefined) return TWO_TARGETS;
  return directConversations && isAuthenticated(connected) ? undefined : NOT_STORED;
}

/**
 * The log of a conversation of the connection's user. It is derived from the user's own name, so a frame cannot select the
 * conversation of two other users.
 */
export const logOf = (
  { pairOf }: Pick<ConversationPorts, "pairOf">,
  { user }: Pick<Connected, "user">,
  { direct: name, publisher }: { readonly direct: string; readonly publisher?: boolean | undefined },
): string => conversationLog(pairOf(user, { name, ...(publisher && { publisher }) }));

export const NOT_STORED = refuse(
  "not-allowed",
  "Direct messages are not stored in this environment, so there are no conversations.",
);

const TWO_TARGETS = refuse("malformed-frame", 'The frame has both "channel" and "direct"; send one of them.');

const PUBLISHER_WITHOUT_DIRECT = refuse("malformed-frame", 'The frame has "publisher" without "direct". Add "direct".');
