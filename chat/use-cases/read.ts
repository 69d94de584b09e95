import { membershipIn } from "../connection.ts";
import { oldestKeptId, STORABLE_MILLISECONDS, sentAt } from "../message.ts";
import { UNKNOWN_MESSAGE } from "../own-messages.ts";
import type { Channels } from "../ports.ts";
import { type NotifyUserPorts, notifyUser } from "../presence/user-connections.ts";
import { acknowledge } from "../protocol/frames.ts";
import type { Read } from "../protocol/read-frames.ts";
import type { ReadMarkers } from "../read-markers.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends NotifyUserPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly readMarkers: Pick<ReadMarkers, "advance">;
  readonly messageRetentionDays: number;
}

/**
 * Stores how far the user has read, and notifies the user's other connections. A repeat notifies them again, because the
 * first attempt may have ended in between. The message is not read: its id only has to be one that a message can have.
 */
export const read: FrameHandler<Read, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { channel, target: id } = frame;
  const { user } = connected;
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  if (!canExist(ports, id)) return { refusal: UNKNOWN_MESSAGE };
  const reply = acknowledge(route, frame);
  if (!(await ports.readMarkers.advance({ user, channel, id }))) return { reply, facts: { unchanged: true } };
  const concerns = async (connectionId: string) => connectionId !== connected.id;
  const facts = await notifyUser(ports, { user, concerns }, { frame: { type: "read", channel, id }, deadline });
  return { reply, facts };
};

/** A marker in the future could not be moved back, and would hide all messages until then. */
const canExist = ({ now, messageRetentionDays }: Ports, id: string): boolean =>
  id >= oldestKeptId(now(), messageRetentionDays) && sentAt({ id }) <= now() + STORABLE_MILLISECONDS;
