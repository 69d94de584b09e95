import type { Connected } from "../connection.ts";
import type { Message } from "../message.ts";
import { announceChange, type ChangePorts, type PlacePorts, unmutedPlaceOf } from "../message-changes.ts";
import type { Messages } from "../message-ports.ts";
import type { MutePorts } from "../moderation.ts";
import { authorOf, unknownMessage } from "../own-messages.ts";
import type { Channels, Connections, NewMessageId } from "../ports.ts";
import { acknowledge, type Refusal, refuse } from "../protocol/frames.ts";
import type { React } from "../protocol/react-frame.ts";
import { EMOJIS_MAX, REACTIONS_MAX, type ReactionCounts, type Reactions, reactedFrame } from "../reactions.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ChangePorts, PlacePorts, MutePorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly messages: Pick<Messages, "get">;
  readonly reactions: Omit<Reactions, "between" | "records">;
  readonly newMessageId: NewMessageId;
}

/**
 * The reaction is stored first, then recorded under a new id, so that a client that misses the push finds it in `history`
 * after every id that it has read. The record of the change before is deleted last: a message has one record, however often
 * users react to it. A repeat does all of this again until the latest change is marked as delivered, because the first attempt
 * may have ended in between.
 */
export const react: FrameHandler<React, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const found = await unmutedPlaceOf(ports, connected, frame);
  if ("refusal" in found) return found;
  const { place } = found;
  const { channel } = place;
  const { target: id, emoji } = frame;
  const before = await readTarget(ports, connected, { channel, id, emoji });
  if ("refusal" in before) return before;
  const reply = acknowledge(route, frame);
  if (await isUnchanged(ports, { channel, id, emoji }, before.reactions)) return { reply, facts: { unchanged: true } };
  const change = ports.newMessageId();
  const reaction = { channel, id, author: authorOf(connected), emoji, change };
  const { reactions, former } = await ports.reactions.set(reaction);
  // If the message was deleted since, its reactions were deleted before this one. A later deletion also deletes this one.
  if (former === undefined && (await isDeleted(ports, { channel, id }))) {
    await ports.reactions.remove({ channel, id });
    return { refusal: unknownMessage(place) };
  }
  const { revision } = reactions;
  const record = { id: change, channel, reacted: id };
  await ports.reactions.record({ ...record, revision });
  const { own: _, ...counts } = reactions;
  const by = { user: connected.user, ...(emoji !== null && { emoji }) };
  if (!place.conversation) ports.emit({ type: "reaction changed", id, channel, ...by, revision });
  const [facts] = await Promise.all([
    announceChange(ports, connected, {
      ...{ place, change, deadline },
      frameIn: (of) => reactedFrame(of, { ...record, by }, counts),
    }),
    former === undefined ? undefined : ports.reactions.forget({ id: former, channel, revision }),
  ]);
  await ports.reactions.settle(record);
  return { reply, facts };
};

type Target = Pick<Message, "channel" | "id">;

/** Whether the message has the reaction, and the change was delivered. A later change also delivers earlier ones. */
async function isUnchanged(
  { reactions }: Ports,
  { channel, id, emoji }: Target & Pick<React, "emoji">,
  before: ReactionCounts | undefined,
): Promise<boolean> {
  // Without an item, there is no reaction to remove.
  if (!before) return emoji === null;
  return (before.own ?? null) === emoji && reactions.isSettled({ channel, id });
}

const isDeleted = async ({ messages }: Ports, target: Target): Promise<boolean> =>
  (await messages.get(target))?.deleted === true;

/** The current reactions to the message, or the reason why the user cannot react to it. */
async function readTarget(
  { messages, reactions }: Ports,
  connected: Connected,
  { channel, id, emoji }: Target & Pick<React, "emoji">,
): Promise<{ readonly reactions: ReactionCounts | undefined } | { readonly refusal: Refusal }> {
  const [message, before] = await Promise.all([
    messages.get({ channel, id }),
    reactions.get({ channel, id }, authorOf(connected)),
  ]);
  if (!message || message.deleted) return { refusal: unknownMessage({ channel }) };
  const refusal = before && emoji !== null ? refuseTooMany(before, emoji) : undefined;
  return refusal ? { refusal } : { reactions: before };
}

/** Simultaneous reactions can exceed the limits by a few: nothing depends on the exact number. */
function refuseTooMany({ counts, own }: ReactionCounts, emoji: string): Refusal | undefined {
  const users = counts.reduce((sum, { count }) => sum + count, 0);
  if (own === undefined && users >= REACTIONS_MAX) {
    return refuse(
      "not-allowed",
      `The message has reactions from ${users} users; at most ${REACTIONS_MAX} users can react to a message.`,
    );
  }
  // The user's own reaction is replaced.
  const others = counts.filter((each) => each.emoji !== own || each.count > 1);
  if (others.length < EMOJIS_MAX || others.some((each) => each.emoji === emoji)) return undefined;
  const detail = `The message has reactions with ${counts.length} different emojis, and at most ${EMOJIS_MAX} are allowed. Use one of them.`;
  return refuse("not-allowed", detail);
}
