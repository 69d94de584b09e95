import { isOwnedBy } from "../channel.ts";
import { membershipIn } from "../connection.ts";
import type { Connections, TagOf } from "../ports.ts";
import { absentMemberLeft, endForGood, type LastingPorts } from "../presence/lasting-memberships.ts";
import { endUserMemberships, type UserMembershipPorts } from "../presence/memberships.ts";
import { notifyUser } from "../presence/user-connections.ts";
import { acknowledge, refuse } from "../protocol/frames.ts";
import type { Invite } from "../protocol/moderation-frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { Invitations } from "../user-ports.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends UserMembershipPorts, LastingPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "leave" | "remove">;
  readonly invitations: Pick<Invitations, "give" | "withdraw">;
  readonly tagOf: TagOf;
}

/** Does not reveal whether the user is connected or exists: an invitation can be used later. */
export const invite: FrameHandler<Invite, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { channel, user, revoke } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseNonMember(ports, channel) };
  if (!isOwnedBy(channel, ports.tagOf(connected.user))) return { refusal: NOT_THE_OWNER };
  if (revoke) {
    await ports.invitations.withdraw(channel, user);
    await endAccess(ports, channel, user);
  } else {
    await ports.invitations.give(channel, user);
  }
  const notice = { type: revoke ? "revoked" : "invited", channel, by: connected.user } as const;
  const facts = await notifyUser(ports, { user }, { frame: notice, deadline });
  return { reply: acknowledge(route, frame), facts };
};

/** A `join` that runs at the same time checks the invitation again after it has written the member. */
async function endAccess(ports: Ports, channel: string, user: string): Promise<void> {
  if (!ports.lastingMembership) {
    await endUserMemberships(ports, channel, { user });
    return;
  }
  const { wasIn, ended } = await endForGood(ports, channel, { user });
  if (wasIn && ended.length === 0) ports.emit(absentMemberLeft(channel, user));
}

const NOT_THE_OWNER = refuse("not-allowed", "Only the user who created a private channel can invite others to it.");
