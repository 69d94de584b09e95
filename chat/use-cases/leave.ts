import { membershipIn } from "../connection.ts";
import type { Channels, Connections } from "../ports.ts";
import { endMembership, type MembershipPorts } from "../presence/memberships.ts";
import type { Leave } from "../protocol/client-frames.ts";
import { acknowledge } from "../protocol/frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends MembershipPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "leave" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
}

export const leave: FrameHandler<Leave, Ports> = async (ports, { connected, route, frame }) => {
  const { channel } = frame;
  const shard = membershipIn(connected, channel);
  const isLeft = shard !== undefined && (await endMembership(ports, connected, shard));
  return isLeft
    ? { reply: acknowledge(route, frame, { user: connected.user }) }
    : { refusal: await refuseNonMember(ports, channel) };
};
