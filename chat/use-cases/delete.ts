import { type Connected, membershipIn } from "../connection.ts";
import { type FanOutPorts, fanOut } from "../fan-out/fan-out.ts";
import { deletedFrame } from "../message.ts";
import type { Messages } from "../message-ports.ts";
import { type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../moderation.ts";
import { type OwnMessagePorts, readOwn, refuseLate, UNKNOWN_MESSAGE } from "../own-messages.ts";
import type { Channels, Connections, NewMessageId } from "../ports.ts";
import type { Delete } from "../protocol/client-frames.ts";
import { acknowledge, type Refusal } from "../protocol/frames.ts";
import type { Reactions } from "../reactions.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends FanOutPorts, ModeratorPorts, Omit<OwnMessagePorts, "messages"> {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly messages: Pick<Messages, "get" | "delete" | "record">;
  readonly reactions: Pick<Reactions, "remove">;
  readonly storesReactions: boolean;
  readonly newMessageId: NewMessageId;
}

/**
 * The text is deleted first, so that it cannot be read after the notice. The deletion is recorded before
 * the fan-out: a client that misses the push finds it in `history`. The id of the record is made right before it is
 * stored, and every repeat makes a new one: under an older id, clients that have read beyond it would miss it.
 */
export const deleteMessage: FrameHandler<Delete, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const isModerator = moderates(ports, connected);
  if (!isModerator && ports.ownMessageMinutes === "off") return { refusal: NOT_A_MODERATOR };
  const { channel, target: id } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseNonMember(ports, channel) };
  const refusal = isModerator ? undefined : await refuseOwnDeletion(ports, connected, frame);
  if (refusal) return { refusal };
  if (!(await ports.messages.delete({ channel, id }))) return { refusal: UNKNOWN_MESSAGE };
  if (ports.storesReactions) await ports.reactions.remove({ channel, id });
  const deletion = { id: ports.newMessageId(), channel, message: id, by: connected.user };
  await ports.messages.record(deletion);
  ports.emit({ type: "message deleted", id, channel, by: connected.user });
  const tally = await fanOut(ports, { channel, frame: deletedFrame(deletion), deadline, senderShard: own.shard });
  return { reply: acknowledge(route, frame), facts: { tally } };
};

/** The error for a user who cannot delete the message. A repeat of a deletion is accepted at any time. */
async function refuseOwnDeletion(
  ports: Ports,
  connected: Connected,
  { channel, target: id }: Delete,
): Promise<Refusal | undefined> {
  const own = await readOwn(ports, connected, { channel, id });
  if ("refusal" in own) return own.refusal;
  return own.message.deleted ? undefined : refuseLate(ports, own.message);
}
