import { isOwnedBy } from "../channel.ts";
import { membershipIn } from "../connection.ts";
import type { Channels, Connections, TagOf } from "../ports.ts";
import { endMembership, type MembershipPorts } from "../presence/memberships.ts";
import { notifyUser } from "../presence/user-connections.ts";
import type { Invite } from "../protocol/client-frames.ts";
import { acknowledge, refuse } from "../protocol/frames.ts";
import { refuseNonMember } from "../refusals.ts";
import type { Invitations, Users } from "../user-ports.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends MembershipPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "leave" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
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
    await removeMember(ports, channel, user);
  } else {
    await ports.invitations.give(channel, user);
  }
  const notice = { type: revoke ? "revoked" : "invited", channel, by: connected.user } as const;
  const facts = await notifyUser(ports, { user }, { frame: notice, deadline });
  return { reply: acknowledge(route, frame), facts };
};

const NOT_THE_OWNER = refuse("not-allowed", "Only the user who created a private channel can invite others to it.");

/**
 * Removes a user from a channel after the invitation was withdrawn. A `join` that runs at the same time checks the
 * invitation again after it has written the member. A `join` that failed halfway can have left a member that the connection
 * does not list, so the member is removed from every shard in any case.
 */
async function removeMember(ports: Ports, channel: string, user: string): Promise<void> {
  const shards = (await ports.channels.shardsOf(channel)) ?? 1;
  for (const { id } of await ports.users.connectionsOf(user)) {
    const connected = await ports.connections.get(id);
    const own = connected && membershipIn(connected, channel);
    if (own) await endMembership(ports, connected, own);
    for (let shard = 0; shard < shards; shard += 1) {
      if (shard !== own?.shard) await ports.members.remove({ channel, shard }, id);
    }
  }
}
