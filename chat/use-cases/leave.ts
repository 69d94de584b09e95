import { membershipIn } from "../connection.ts";
import type { Connections } from "../ports.ts";
import {
  absentMemberLeft,
  correctLasting,
  endForGood,
  isLastingIn,
  type LastingPorts,
} from "../presence/lasting-memberships.ts";
import { endMembership, type UserMembershipPorts } from "../presence/memberships.ts";
import { type Notified, notify } from "../presence/user-connections.ts";
import type { Leave } from "../protocol/client-frames.ts";
import { acknowledge } from "../protocol/frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler, FrameRequest } from "./use-case.ts";

interface Ports extends UserMembershipPorts, LastingPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "leave" | "remove">;
}

export const leave: FrameHandler<Leave, Ports> = async (ports, request) => {
  const { connected, route, frame } = request;
  const { channel } = frame;
  const shard = membershipIn(connected, channel);
  const isOwnEnded = shard !== undefined && (await endMembership(ports, connected, shard));
  const lasting = isLastingIn(ports, connected, channel) ? await leaveForGood(ports, request) : undefined;
  if (lasting?.isAbsent && !isOwnEnded) ports.emit(absentMemberLeft(channel, connected.user));
  if (!isOwnEnded && !lasting?.isLeft) return { refusal: await refuseNonMember(ports, channel) };
  return { reply: acknowledge(route, frame, { user: connected.user }), ...(lasting && { facts: lasting.facts }) };
};

interface Left {
  /** Whether the user was a member. */
  readonly isLeft: boolean;
  /** Whether the user was a member, and no other connection was in the channel. */
  readonly isAbsent: boolean;
  readonly facts: Notified;
}

/** Ends the user's membership on all connections of the user, and notifies the other connections. */
async function leaveForGood(
  ports: Ports,
  { connected, frame: { channel }, deadline }: FrameRequest<Leave>,
): Promise<Left> {
  const { id, user } = connected;
  // Not this connection: a later `join` may have added the channel again.
  const { wasIn, ended } = await endForGood(ports, channel, { user, except: id });
  await correctLasting(ports, connected, { channel, isIn: false });
  const facts = await notify(ports, ended, { frame: { type: "left", channel, user }, deadline });
  return { isLeft: wasIn || ended.length > 0, isAbsent: wasIn && ended.length === 0, facts };
}
