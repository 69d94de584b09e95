import { type Connected, membershipIn } from "../connection.ts";
import { type FanOutPorts, fanOut } from "../fan-out/fan-out.ts";
import type { Messages } from "../message-ports.ts";
import { type MutePorts, refuseMuted } from "../moderation.ts";
import { authorOf, UNKNOWN_MESSAGE } from "../own-messages.ts";
import type { Channels, Connections, NewMessageId } from "../ports.ts";
import { acknowledge, type Refusal, refuse } from "../protocol/frames.ts";
import type { React } from "../protocol/react-frame.ts";
import { EMOJIS_MAX, REACTIONS_MAX, type ReactionCounts, type Reactions, reactedFrame } from "../reactions.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends FanOutPorts, MutePorts {
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
  const { channel, target: id, emoji } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseNonMember(ports, channel) };
  const muted = await refuseMuted(ports, channel, connected.user);
  if (muted) return { refusal: muted };
  const before = await readTarget(ports, connected, frame);
  if ("refusal" in before) return before;
  const reply = acknowledge(route, frame);
  if (await isUnchanged(ports, frame, before.reactions)) return { reply, facts: { unchanged: true } };
  const change = ports.newMessageId();
  const reaction = { channel, id, author: authorOf(connected), emoji, change };
  const { reactions, former } = await ports.reactions.set(reaction);
  // If the message was deleted since, its reactions were deleted before this one. A later deletion also deletes this one.
  if (former === undefined && (await isDeleted(ports, frame))) {
    await ports.reactions.remove({ channel, id });
    return { refusal: UNKNOWN_MESSAGE };
  }
  const { revision } = reactions;
  const record = { id: change, channel, reacted: id };
  await ports.reactions.record({ ...record, revision });
  const { own: _, ...counts } = reactions;
  const by = { user: connected.user, ...(emoji !== null && { emoji }) };
  ports.emit({ type: "reaction changed", id, channel, ...by, revision });
  const notice = reactedFrame(record, counts, by);
  const [tally] = await Promise.all([
    fanOut(ports, { channel, frame: notice, deadline, senderShard: own.shard }),
    former === undefined ? undefined : ports.reactions.forget({ id: former, channel, revision }),
  ]);
  await ports.reactions.settle(record);
  return { reply, facts: { tally } };
};

/** Whether the message has the reaction, and the channel was notified of it. A later change notifies of earlier ones, too. */
async function isUnchanged(
  { reactions }: Ports,
  { channel, target: id, emoji }: React,
  before: ReactionCounts | undefined,
): Promise<boolean> {
  // Without an item, no attempt can have removed a reaction.
  if (!before) return emoji === null;
  return (before.own ?? null) === emoji && reactions.isSettled({ channel, id });
}

const isDeleted = async ({ messages }: Ports, { channel, target: id }: React): Promise<boolean> =>
  (await messages.get({ channel, id }))?.deleted === true;

/** The current reactions to the message, or the reason why the user cannot react to it. */
async function readTarget(
  { messages, reactions }: Ports,
  connected: Connected,
  { channel, target: id, emoji }: React,
): Promise<{ readonly reactions: ReactionCounts | undefined } | { readonly refusal: Refusal }> {
  const [message, before] = await Promise.all([
    messages.get({ channel, id }),
    reactions.get({ channel, id }, authorOf(connected)),
  ]);
  if (!message || message.deleted) return { refusal: UNKNOWN_MESSAGE };
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
