import { membershipIn } from "../connection.ts";
import { type FanOutPorts, fanOut } from "../fan-out/fan-out.ts";
import { deletedFrame } from "../message.ts";
import { type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../moderation.ts";
import type { Channels, Connections, Messages, NewMessageId } from "../ports.ts";
import type { Delete } from "../protocol/client-frames.ts";
import { acknowledge, refuse } from "../protocol/frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends FanOutPorts, ModeratorPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly channels: Pick<Channels, "grow" | "shardsOf">;
  readonly messages: Pick<Messages, "delete" | "record">;
  readonly newMessageId: NewMessageId;
}

/**
 * The text is deleted first, so that it cannot be read after the notice. The deletion is recorded before
 * the fan-out: a client that misses the push finds it in `history`. The id of the record is made right before it is
 * stored, and every repeat makes a new one: under an older id, clients that have read beyond it would miss it.
 */
export const deleteMessage: FrameHandler<Delete, Ports> = async (ports, { connected, route, frame, deadline }) => {
  if (!moderates(ports, connected)) return { refusal: NOT_A_MODERATOR };
  const { channel, target: id } = frame;
  const own = membershipIn(connected, channel);
  if (!own) return { refusal: await refuseNonMember(ports, channel) };
  if (!(await ports.messages.delete({ channel, id }))) return { refusal: UNKNOWN_MESSAGE };
  const deletion = { id: ports.newMessageId(), channel, message: id, by: connected.user };
  await ports.messages.record(deletion);
  ports.publish({ type: "message deleted", id, channel, by: connected.user });
  const tally = await fanOut(ports, { channel, frame: deletedFrame(deletion), deadline, senderShard: own.shard });
  return { reply: acknowledge(route, frame), facts: { tally } };
};

const UNKNOWN_MESSAGE = refuse(
  "unknown-message",
  "The channel has no message with this id, or the message has expired.",
);
