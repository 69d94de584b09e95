import { presence } from "../aws/presence.ts";
import { now, tagOf } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { invitations } from "../aws/table/invitations.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { isMadeBy } from "../chat/channel.ts";
import { membershipIn } from "../chat/connection.ts";
import { deliver } from "../chat/delivery.ts";
import { type DepartPorts, depart } from "../chat/depart.ts";
import { formsOf, refuse } from "../chat/frames.ts";
import { refuseOutsider } from "../chat/membership.ts";
import type { Channels, Connections, Invitations, TagOf, Users } from "../chat/ports.ts";
import { Invite } from "../chat/protocol.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends DepartPorts {
  readonly connections: Pick<Connections, "get" | "leave" | "remove">;
  readonly channels: Pick<Channels, "shardsOf">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly invitations: Pick<Invitations, "give" | "withdraw">;
  readonly tagOf: TagOf;
}

/** Whether the user is there, or is a user at all, is not told: an invitation waits for who comes. */
export const invite: FrameHandler<Invite, Ports> = async (ports, { connected, route, frame, deadline }) => {
  const { channel, user, revoke } = frame;
  if (!membershipIn(connected, channel)) return { refusal: await refuseOutsider(ports, channel) };
  if (!isMadeBy(channel, ports.tagOf(connected.user))) return { refusal: NOT_ITS_MAKER };
  if (revoke) {
    await ports.invitations.withdraw(channel, user);
    await takeOut(ports, channel, user);
    return { reply: acknowledge(route, frame) };
  }
  await ports.invitations.give(channel, user);
  const delivery = deliver(ports, { forms: formsOf({ type: "invited", channel, by: connected.user }), deadline });
  await delivery.push(await ports.users.connectionsOf(user));
  return { reply: acknowledge(route, frame), facts: { tally: delivery.tally } };
};

const NOT_ITS_MAKER = refuse("not-allowed", "Only who made a private channel may invite to it.");

/** After the invitation is gone: a join that still went by it looks again once it is a member. */
async function takeOut(ports: Ports, channel: string, user: string): Promise<void> {
  for (const { id } of await ports.users.connectionsOf(user)) {
    const connected = await ports.connections.get(id);
    const shard = connected && membershipIn(connected, channel);
    if (shard) await depart(ports, connected, shard);
  }
}

export const handler = answeringLambda(Invite, invite, {
  ...presence,
  channels: channels(table, now),
  invitations: invitations(table, now),
  tagOf,
});
