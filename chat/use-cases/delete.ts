import type { Connected } from "../connection.ts";
import { deletedFrame, type Message } from "../message.ts";
import { announceChange, type ChangePorts, type PlacePorts, placeOf } from "../message-changes.ts";
import type { Messages } from "../message-ports.ts";
import { type ModeratorPorts, moderates, NOT_A_MODERATOR } from "../moderation.ts";
import { type OwnMessagePorts, readOwn, refuseLate, unknownMessage } from "../own-messages.ts";
import type { Channels, Connections, NewMessageId } from "../ports.ts";
import type { Delete } from "../protocol/client-frames.ts";
import { acknowledge, type Refusal } from "../protocol/frames.ts";
import type { Reactions } from "../reactions.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends ChangePorts, PlacePorts, ModeratorPorts, Omit<OwnMessagePorts, "messages"> {
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
  const found = await placeOf(ports, connected, frame);
  if ("refusal" in found) return found;
  const { place } = found;
  const { channel } = place;
  const { target: id } = frame;
  // Conversations are private: moderators cannot delete the messages of others there.
  const mustBeOwn = place.conversation !== undefined || !isModerator;
  const refusal = mustBeOwn ? await refuseOwnDeletion(ports, connected, { channel, id }) : undefined;
  if (refusal) return { refusal };
  if (!(await ports.messages.delete({ channel, id }))) return { refusal: unknownMessage(place) };
  if (ports.storesReactions) await ports.reactions.remove({ channel, id });
  const deletion = { id: ports.newMessageId(), channel, message: id, by: connected.user };
  await ports.messages.record(deletion);
  // There are no events for conversations.
  if (!place.conversation) ports.emit({ type: "message deleted", id, channel, by: connected.user });
  const facts = await announceChange(ports, connected, {
    ...{ place, change: deletion.id, deadline },
    frameIn: (of) => deletedFrame(of, deletion),
  });
  return { reply: acknowledge(route, frame), facts };
};

/** The error for a user who cannot delete the message. A repeat of a deletion is accepted at any time. */
async function refuseOwnDeletion(
  ports: Ports,
  connected: Connected,
  target: Pick<Message, "channel" | "id">,
): Promise<Refusal | undefined> {
  if (ports.ownMessageMinutes === "off") return refuseLate(ports, target);
  const own = await readOwn(ports, connected, target);
  if ("refusal" in own) return own.refusal;
  return own.message.deleted ? undefined : refuseLate(ports, own.message);
}
