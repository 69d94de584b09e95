import { presence } from "../aws/presence.ts";
import { now } from "../aws/runtime.ts";
import { channels } from "../aws/table/channels.ts";
import { table } from "../aws/table/table.ts";
import { acknowledge } from "../chat/answers.ts";
import { CHANNELS_PER_CONNECTION_MAX, shardForNewcomer } from "../chat/channel.ts";
import { type Connected, isAuthenticated, membershipIn } from "../chat/connection.ts";
import { TOO_MANY_CHANNELS } from "../chat/membership.ts";
import type { Channels, Connections, Members } from "../chat/ports.ts";
import { announce, type PresencePorts } from "../chat/presence.ts";
import { Join } from "../chat/protocol.ts";
import { renameMembers } from "../chat/rename-members.ts";
import { answeringLambda, type FrameHandler } from "./frame-lambda.ts";

interface Ports extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "join" | "remove">;
  readonly members: Pick<Members, "add" | "pages" | "remove" | "rename">;
  readonly channels: Pick<Channels, "open">;
}

/**
 * The member first, and the connection decides: it never has a membership without a member, so a join that broke off can
 * be tried again. Where `$disconnect` comes between the two, the join cleans up itself.
 */
export const join: FrameHandler<Join, Ports> = async (ports, { connected, route, frame }) => {
  const reply = acknowledge(route, frame);
  const { channel } = frame;
  if (membershipIn(connected, channel)) return { reply };
  if (connected.memberships.length >= CHANNELS_PER_CONNECTION_MAX) return { refusal: TOO_MANY_CHANNELS };
  const shard = { channel, shard: shardForNewcomer(await ports.channels.open(channel), ports.random()) };
  const joinedAt = isAuthenticated(connected) ? ports.now() : undefined;
  await ports.members.add(shard, { ...connected, joinedAt });
  const before = await ports.connections.join(connected.id, shard);
  if (!before) {
    await ports.members.remove(shard, connected.id);
    return { refusal: TOO_MANY_CHANNELS };
  }
  // Another join, side by side with this one, may have chosen another shard.
  const other = membershipIn(before, channel);
  if (other && other.shard !== shard.shard) await ports.members.remove(other, connected.id);
  // `name` has renamed the members of which the connection knew.
  if (before.user !== connected.user) await renameMembers(ports, { ...before, memberships: [shard] });
  await announceArrival(ports, channel, { ...before, joinedAt });
  return { reply };
};

/** Of who has gone or left meanwhile, the others may have been told that first: they are told again. */
async function announceArrival(ports: Ports, channel: string, about: Connected): Promise<void> {
  const news = { channel, user: about.user };
  await announce(ports, { channel, frame: { type: "joined", ...news }, about });
  const stored = await ports.connections.get(about.id);
  if (stored && membershipIn(stored, channel)) return;
  await announce(ports, { channel, frame: { type: "left", ...news }, about });
}

export const handler = answeringLambda(Join, join, { ...presence, channels: channels(table, now) });
