import { type AccessPorts, channelToJoin, mayJoin } from "../access.ts";
import { CHANNELS_PER_CONNECTION_MAX, isPrivate, type Shard } from "../channel.ts";
import { type Connected, isAuthenticated, membershipIn } from "../connection.ts";
import { shardForNewcomer } from "../fan-out/growth.ts";
import type { Channels, Connections, Members } from "../ports.ts";
import { announce, type PresencePorts } from "../presence/presence.ts";
import { renameMembers } from "../presence/rename-members.ts";
import { acknowledge } from "../protocol/answers.ts";
import type { Join } from "../protocol/client-frames.ts";
import type { Refusal } from "../protocol/frames.ts";
import { TOO_MANY_CHANNELS, unknownChannel } from "../refusals.ts";
import type { FrameHandler } from "./use-case.ts";

interface Ports extends PresencePorts, AccessPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "join" | "leave" | "remove">;
  readonly members: Pick<Members, "add" | "has" | "pages" | "remove" | "rename">;
  readonly channels: Pick<Channels, "open" | "shardsOf">;
}

export const join: FrameHandler<Join, Ports> = async (ports, { connected, route, frame }) => {
  const admitted = await channelToJoin(ports, connected, frame);
  if ("refusal" in admitted) return admitted;
  const { channel } = admitted;
  // Before the member is written, so that every message from then on is pushed, or is in `history` from this time on.
  const at = new Date(ports.now()).toISOString();
  const own = membershipIn(connected, channel);
  const isComplete = own !== undefined && (await ports.members.has(own, connected.id));
  const refusal = isComplete ? undefined : await enter(ports, connected, channel);
  return refusal
    ? { refusal }
    : { reply: acknowledge(route, frame, { user: connected.user, at, ...(frame.private && { channel }) }) };
};

/**
 * The member first, then the connection's membership: a member without a membership can be joined again, while a
 * membership without a member would hear nothing. Where `$disconnect` comes between the two, the join cleans up itself.
 *
 * A `leave` that broke off has removed the member and left the membership. Then this writes both again.
 */
async function enter(ports: Ports, connected: Connected, channel: string): Promise<Refusal | undefined> {
  const own = membershipIn(connected, channel);
  if (!own && connected.memberships.length >= CHANNELS_PER_CONNECTION_MAX) return TOO_MANY_CHANNELS;
  const shard = own ?? { channel, shard: shardForNewcomer(await ports.channels.open(channel), connected.id) };
  const joinedAt = isAuthenticated(connected) ? ports.now() : undefined;
  const before = await addMembership(ports, { ...connected, joinedAt }, shard);
  if (!before) return TOO_MANY_CHANNELS;
  if (!(await mayStay(ports, connected, shard))) return unknownChannel(channel);
  // `name` has renamed the members of which the connection knew.
  if (before.user !== connected.user) await renameMembers(ports, { ...before, memberships: [shard] });
  await announceArrival(ports, channel, { ...before, joinedAt });
  return undefined;
}

/** Gives the connection as it was; undefined when it is gone, or has as many channels as it may. No member is left then. */
async function addMembership(ports: Ports, connected: Connected, shard: Shard): Promise<Connected | undefined> {
  await ports.members.add(shard, connected);
  const undo = (): Promise<void> => ports.members.remove(shard, connected.id);
  try {
    const before = await ports.connections.join(connected.id, shard);
    if (!before) await undo();
    else await settleMember(ports, { ...connected, before }, shard);
    return before;
  } catch (fault) {
    // Best effort: the fault that the client is told of is the first one.
    await undo().catch(() => undefined);
    throw fault;
  }
}

/** Other requests of the connection for this channel may have run meanwhile. */
async function settleMember(
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
  // A `$disconnect` that came before this write has not removed it.
  if (!(await ports.connections.get(connected.id))) await ports.members.remove(shard, connected.id);
}

/** `invite` withdraws the invitation before it looks for members: either it finds this one, or this finds no invitation. */
async function mayStay(ports: Ports, connected: Connected, shard: Shard): Promise<boolean> {
  const { channel } = shard;
  if (!isPrivate(channel) || (await mayJoin(ports, connected, channel))) return true;
  await ports.members.remove(shard, connected.id);
  await ports.connections.leave(connected.id, channel);
  return false;
}

/** If the user has left or disconnected meanwhile, the others may have been notified of that first: notifies them again. */
async function announceArrival(ports: Ports, channel: string, about: Connected): Promise<void> {
  const news = { channel, user: about.user };
  await announce(ports, { channel, frame: { type: "joined", ...news }, about });
  const stored = await ports.connections.get(about.id);
  if (stored && membershipIn(stored, channel)) return;
  await announce(ports, { channel, frame: { type: "left", ...news }, about });
}
