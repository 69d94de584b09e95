import { type AccessPorts, accessGroupsOf, channelToJoin, mayJoin } from "../access.ts";
import { CHANNELS_PER_CONNECTION_MAX, isPrivate, type Shard } from "../channel.ts";
import { type Connected, isAuthenticated, memberEvent, membershipIn } from "../connection.ts";
import { shardForNewcomer } from "../fan-out/growth.ts";
import type { Channels, Connections, Members } from "../ports.ts";
import { correctLasting, isLastingIn, type LastingPorts } from "../presence/lasting-memberships.ts";
import { renameMembers } from "../presence/memberships.ts";
import { announce, type PresencePorts } from "../presence/presence.ts";
import type { Join } from "../protocol/client-frames.ts";
import { acknowledge, type Refusal } from "../protocol/frames.ts";
import { TOO_MANY_CHANNELS, TOO_MANY_LASTING_CHANNELS, unknownChannel } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts, AccessPorts, LastingPorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "join" | "leave" | "remove">;
  readonly members: Pick<Members, "add" | "has" | "pages" | "remove" | "rename">;
  readonly channels: Pick<Channels, "open" | "shardsOf">;
}

export const join: FrameHandler<Join, Ports> = async (ports, { connected, route, frame }) => {
  const admitted = await channelToJoin(ports, connected, frame);
  if ("refusal" in admitted) return admitted;
  const { channel } = admitted;
  // Taken before the member is written: a message that is not pushed is in `history` from this time on.
  const at = new Date(ports.now()).toISOString();
  const own = membershipIn(connected, channel);
  const isComplete = own !== undefined && (await ports.members.has(own, connected.id));
  const refusal = isComplete ? await addLasting(ports, connected, own) : await addMember(ports, connected, channel);
  return refusal
    ? { refusal }
    : { reply: acknowledge(route, frame, { user: connected.user, at, ...(frame.private && { channel }) }) };
};

/**
 * Writes the member first, then the membership of the connection. A member without a membership can join again. A membership
 * without a member would receive nothing. If `$disconnect` runs between the two writes, this function cleans up.
 *
 * A `leave` that failed halfway has removed the member and left the membership. Then this writes both again.
 */
async function addMember(ports: Ports, connected: Connected, channel: string): Promise<Refusal | undefined> {
  const own = membershipIn(connected, channel);
  if (!own && connected.memberships.length >= CHANNELS_PER_CONNECTION_MAX) return TOO_MANY_CHANNELS;
  const shard = own ?? { channel, shard: shardForNewcomer(await ports.channels.open(channel), connected.id) };
  const joinedAt = isAuthenticated(connected) ? ports.now() : undefined;
  const before = await addMembership(ports, { ...connected, joinedAt }, shard);
  if (!before) return TOO_MANY_CHANNELS;
  if (!(await mayStay(ports, connected, shard))) return unknownChannel(channel);
  const refusal = await addLasting(ports, before, shard);
  if (refusal) return refusal;
  // `name` has renamed only the members that the connection listed at that time.
  if (before.user !== connected.user) await renameMembers(ports, { ...before, memberships: [shard] });
  ports.emit(memberEvent("member joined", channel, before));
  await announceArrival(ports, channel, { ...before, joinedAt });
  return undefined;
}

/** Returns the connection as it was. Undefined: it is gone or in the maximum number of channels, and no member is left. */
async function addMembership(ports: Ports, connected: Connected, shard: Shard): Promise<Connected | undefined> {
  await ports.members.add(shard, connected);
  const undo = (): Promise<void> => ports.members.remove(shard, connected.id);
  try {
    const before = await ports.connections.join(connected.id, shard);
    if (!before) await undo();
    else await correctMember(ports, { ...connected, before }, shard);
    return before;
  } catch (fault) {
    // Best effort: the first fault is the one to report.
    await undo().catch(() => undefined);
    throw fault;
  }
}

/** Corrects the member if other requests of the connection for this channel ran at the same time. */
async function correctMember(
  ports: Ports,
  { before, ...connected }: Connected & { readonly before: Connected },
  shard: Shard,
): Promise<void> {
  const other = membershipIn(before, shard.channel);
  // If the channel has grown or shrunk since, another join has chosen another shard.
  if (other && other.shard !== shard.shard) await ports.members.remove(other, connected.id);
  if (other || !membershipIn(connected, shard.channel)) return;
  // A `leave` has ended the membership since, and may have removed the member that was just written.
  await ports.members.add(shard, connected);
  // A `$disconnect` before this write could not remove the member.
  if (!(await ports.connections.get(connected.id))) await ports.members.remove(shard, connected.id);
}

/** Comes after the membership: `leave`, and `invite` with `revoke`, also remove the channel after the membership. */
async function addLasting(ports: Ports, connected: Connected, shard: Shard): Promise<Refusal | undefined> {
  const { channel } = shard;
  if (!isLastingIn(ports, connected, channel)) return undefined;
  if (await ports.lastingChannels.add(connected.user, channel, accessGroupsOf(ports, connected.groups))) {
    await correctLasting(ports, connected, { channel, isIn: true });
    return undefined;
  }
  await removeMembership(ports, connected, shard);
  return TOO_MANY_LASTING_CHANNELS;
}

async function removeMembership(ports: Ports, { id }: Connected, shard: Shard): Promise<void> {
  await ports.members.remove(shard, id);
  await ports.connections.leave(id, shard.channel);
}

/** `invite` withdraws the invitation before it reads the members: either it finds this member, or this finds no invitation. */
async function mayStay(ports: Ports, connected: Connected, shard: Shard): Promise<boolean> {
  const { channel } = shard;
  if (!isPrivate(channel) || (await mayJoin(ports, connected, channel))) return true;
  await removeMembership(ports, connected, shard);
  return false;
}

/** If the user left in the meantime, the others may have got that notice first. So they get it again. */
async function announceArrival(ports: Ports, channel: string, about: Connected): Promise<void> {
  const news = { channel, user: about.user };
  await announce(ports, { channel, frame: { type: "joined", ...news }, about });
  const stored = await ports.connections.get(about.id);
  if (stored && membershipIn(stored, channel)) return;
  await announce(ports, { channel, frame: { type: "left", ...news }, about });
}
