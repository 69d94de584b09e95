import { type Connected, isAuthenticated } from "../../../chat/connection.ts";
import { isGuest } from "../../../chat/user.ts";
import { allChannelMembers, type Store } from "../memory.ts";

export interface Checked {
  /** All connections, including closed ones. */
  readonly connectionIds: readonly string[];
  readonly channels: readonly string[];
}

/** A sentence for each inconsistency between connections, members and names. Call it when no request is pending. */
export async function inconsistencies(store: Store, { connectionIds, channels }: Checked): Promise<string[]> {
  const found = await Promise.all(connectionIds.map((id) => store.connections.get(id)));
  const connected = found.filter((each) => each !== undefined);
  const byId = new Map(connected.map((each) => [each.id, each]));
  const perChannel = await Promise.all(channels.map((channel) => inconsistenciesIn(store, channel, byId)));
  const perName = await Promise.all(connected.map((each) => inconsistenciesOfName(store, each)));
  return [...perChannel, ...perName].flat();
}

async function inconsistenciesIn(store: Store, channel: string, byId: ReadonlyMap<string, Connected>) {
  const members = await allChannelMembers(store, channel);
  const there = new Map(members.map((member) => [member.id, member]));
  const twice = members.filter((member) => there.get(member.id) !== member);
  const wrong = twice.map(({ id }) => `${id} is in ${channel}, and a member of two shards`);
  for (const { id, user, memberships } of byId.values()) {
    const isMember = memberships.some((shard) => shard.channel === channel);
    const member = there.get(id);
    if (isMember && !member) wrong.push(`${id} is in ${channel}, but has no member there`);
    if (!isMember && member) wrong.push(`${id} is not in ${channel}, but has a member there`);
    if (member && member.user !== user) wrong.push(`${id} is ${user}, but its member in ${channel} is ${member.user}`);
    there.delete(id);
  }
  return [...wrong, ...[...there.keys()].map((id) => `${id} is gone, but has a member in ${channel}`)];
}

async function inconsistenciesOfName({ names }: Store, { id, user, groups }: Connected): Promise<string[]> {
  if (isGuest(user) || isAuthenticated({ groups })) return [];
  const holder = await names.holder(user);
  return holder?.id === id ? [] : [`${id} has the name ${user}, whose holder is ${holder?.id ?? "missing"}`];
}
