import type { Shard } from "../channel.ts";
import { type Connected, memberEvent, membershipIn } from "../connection.ts";
import type { Channels, Connections, Members } from "../ports.ts";
import type { Users } from "../user-ports.ts";
import { announce, type PresencePorts } from "./presence.ts";

export interface MembershipPorts extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "leave" | "remove">;
}

/**
 * Ends a membership, and notifies the others. The membership comes last: until it is removed, a repeat does everything
 * again. Returns false if another request removed it first, and notified the others.
 *
 * A `join` of the same channel can overlap and write the member again. The membership is then a later one, and is ended
 * as well: a member must not exist without a membership.
 */
export async function endMembership(ports: MembershipPorts, about: Connected, shard: Shard): Promise<boolean> {
  const { channel } = shard;
  await ports.members.remove(shard, about.id);
  await announce(ports, { channel, frame: { type: "left", channel, user: about.user }, about });
  if (await ports.connections.leave(about.id, channel, about.joins ?? 0)) {
    ports.emit(memberEvent("member left", channel, about));
    return true;
  }
  const stored = await ports.connections.get(about.id);
  const later = stored && membershipIn(stored, channel);
  return later ? endMembership(ports, stored, later) : false;
}

export interface UserMembershipPorts extends MembershipPorts {
  readonly channels: Pick<Channels, "shardsOf">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
}

/**
 * Ends the memberships of a user's connections in a channel, except one. Returns the connections that were members. Removes
 * the member from every shard, because a `join` that failed halfway can leave a member that the connection does not list.
 */
export async function endUserMemberships(
  ports: UserMembershipPorts,
  channel: string,
  { user, except }: { readonly user: string; readonly except?: string },
): Promise<Connected[]> {
  const shards = (await ports.channels.shardsOf(channel)) ?? 1;
  const ended: Connected[] = [];
  const all = await ports.users.connectionsOf(user);
  for (const { id } of all.filter((each) => each.id !== except)) {
    const connected = await ports.connections.get(id);
    const own = connected && membershipIn(connected, channel);
    if (own && (await endMembership(ports, connected, own))) ended.push(connected);
    const others = Array.from({ length: shards }, (_, shard) => shard).filter((shard) => shard !== own?.shard);
    for (const shard of others) await ports.members.remove({ channel, shard }, id);
  }
  return ended;
}

export interface RenamePorts {
  readonly connections: Pick<Connections, "get">;
  readonly members: Pick<Members, "rename">;
}

/**
 * Writes a user's new name to the members of a connection. If two `name` frames overlap, the last to write here may not
 * be the last that wrote the connection. So each reads the connection afterwards, and writes the name it finds there.
 * Returns that name.
 */
export async function renameMembers(ports: RenamePorts, { id, user, memberships }: Connected): Promise<string> {
  await Promise.all(memberships.map((shard) => ports.members.rename(shard, { id, user })));
  const stored = await ports.connections.get(id);
  return stored && stored.user !== user ? renameMembers(ports, stored) : user;
}
