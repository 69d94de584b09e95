import { type Connected, membershipIn } from "../connection.ts";
import type { Connections } from "../ports.ts";
import { correctLasting, isLastingIn, type LastingPorts } from "../presence/lasting-memberships.ts";
import { endMembership, endUserMemberships, type UserMembershipPorts } from "../presence/memberships.ts";
import type { Leave } from "../protocol/client-frames.ts";
import { acknowledge } from "../protocol/frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends UserMembershipPorts, LastingPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "leave" | "remove">;
}

export const leave: FrameHandler<Leave, Ports> = async (ports, { connected, route, frame }) => {
  const { channel } = frame;
  const shard = membershipIn(connected, channel);
  const isOwnEnded = shard !== undefined && (await endMembership(ports, connected, shard));
  const isLasting = isLastingIn(ports, connected, channel);
  const isLeft = (isLasting && (await leaveForGood(ports, connected, channel))) || isOwnEnded;
  return isLeft
    ? { reply: acknowledge(route, frame, { user: connected.user }) }
    : { refusal: await refuseNonMember(ports, channel) };
};

/**
 * Ends the user's membership, also on all other connections of the user. Returns false if there was none. Removes the channel
 * before it reads the connections: a handshake that overlaps stores its members first, and then reads the channels again.
 */
async function leaveForGood(ports: Ports, connected: Connected, channel: string): Promise<boolean> {
  const { id, user } = connected;
  const wasIn = await ports.lastingChannels.remove(user, [channel]);
  // Not this connection: a `join` since then has added the channel again.
  const ended = await endUserMemberships(ports, channel, { user, except: id });
  await correctLasting(ports, connected, { channel, isIn: false });
  return wasIn || ended > 0;
}
