import { presence } from "../aws/presence.ts";
import { channelMakers, now, privateChannels, tagOf } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { invitations } from "../aws/table/invitations.ts";
import { table } from "../aws/table/table.ts";
import { type AccessPorts, admit, mayJoin } from "../chat/access.ts";
import { acknowledge } from "../chat/answers.ts";
import { CHANNELS_PER_CONNECTION_MAX, isPrivate, type Shard, shardForNewcomer } from "../chat/channel.ts";
import { type Connected, isAuthenticated, membershipIn } from "../chat/connection.ts";
import type { Refusal } from "../chat/frames.ts";
import { TOO_MANY_CHANNELS, unknownChannel } from "../chat/membership.ts";
import type { Channels, Connections, Members } from "../chat/ports.ts";
import { announce, type PresencePorts } from "../chat/presence.ts";
import { Join } from "../chat/protocol.ts";
import { renameMembers } from "../chat/rename-members.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends PresencePorts, AccessPorts {
  readonly connections: Pick<Connections, "get" | "join" | "leave" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove" | "rename">;
  readonly channels: Pick<Channels, "open" | "shardsOf">;
}

export const join: FrameHandler<Join, Ports> = async (ports, { connected, route, frame }) => {
  const admitted = await admit(ports, connected, frame);
  if ("refusal" in admitted) return admitted;
  const { channel } = admitted;
  const refusal = membershipIn(connected, channel) ? undefined : await enter(ports, connected, channel);
  return refusal
    ? { refusal }
    : { reply: acknowledge(route, frame, { user: connected.user, ...(frame.private && { channel }) }) };
};

/**
 * The member first, and the connection decides: it never has a membership without a member, so a join that broke off can
 * be tried again. Where `$disconnect` comes between the two, the join cleans up itself.
 */
async function enter(ports: Ports, connected: Connected, channel: string): Promise<Refusal | undefined> {
  if (connected.memberships.length >= CHANNELS_PER_CONNECTION_MAX) return TOO_MANY_CHANNELS;
  const shard = { channel, shard: shardForNewcomer(await ports.channels.open(channel), ports.random()) };
  const joinedAt = isAuthenticated(connected) ? ports.now() : undefined;
  await ports.members.add(shard, { ...connected, joinedAt });
  const before = await ports.connections.join(connected.id, shard);
  if (!before) {
    await ports.members.remove(shard, connected.id);
    return TOO_MANY_CHANNELS;
  }
  // Another join, side by side with this one, may have chosen another shard.
  const other = membershipIn(before, channel);
  if (other && other.shard !== shard.shard) await ports.members.remove(other, connected.id);
  if (!(await mayStay(ports, connected, shard))) return unknownChannel(channel);
  // `name` has renamed the members of which the connection knew.
  if (before.user !== connected.user) await renameMembers(ports, { ...before, memberships: [shard] });
  await announceArrival(ports, channel, { ...before, joinedAt });
  return undefined;
}

/** Who takes an invitation back looks for members after that: it has seen this one, or is seen here. */
async function mayStay(ports: Ports, connected: Connected, shard: Shard): Promise<boolean> {
  const { channel } = shard;
  if (!isPrivate(channel) || (await mayJoin(ports, connected, channel))) return true;
  await ports.members.remove(shard, connected.id);
  await ports.connections.leave(connected.id, channel);
  return false;
}

/** Of who has gone or left meanwhile, the others may have been told that first: they are told again. */
async function announceArrival(ports: Ports, channel: string, about: Connected): Promise<void> {
  const news = { channel, user: about.user };
  await announce(ports, { channel, frame: { type: "joined", ...news }, about });
  const stored = await ports.connections.get(about.id);
  if (stored && membershipIn(stored, channel)) return;
  await announce(ports, { channel, frame: { type: "left", ...news }, about });
}

export const handler = answeringLambda(Join, join, {
  ...presence,
  channels: channels(table, now),
  invitations: invitations(table, now),
  tagOf,
  channelMakers,
  privateChannels,
});
