import { type Connected, isAuthenticated } from "../../../chat/connection.ts";
import { isGuest } from "../../../chat/user.ts";
import { allChannelMembers, type Store } from "../memory.ts";

export interface Looked {
  /** Every connection that there was. */
  readonly connectionIds: readonly string[];
  readonly channels: readonly string[];
}

/** Where connections, members and names do not say the same of each other, in sentences. For when nothing is under way. */
export async function disagreements(store: Store, { connectionIds, channels }: Looked): Promise<string[]> {
  const found = await Promise.all(connectionIds.map((id) => store.connections.get(id)));
  const connected = found.filter((each) => each !== undefined);
  const byId = new Map(connected.map((each) => [each.id, each]));
  const perChannel = await Promise.all(channels.map((channel) => disagreementsIn(store, channel, byId)));
  const perName = await Promise.all(connected.map((each) => disagreementsOfName(store, each)));
  return [...perChannel, ...perName].flat();
}

async function disagreementsIn(store: Store, channel: string, byId: ReadonlyMap<string, Connected>) {
  const members = await allChannelMembers(store, channel);
  const there = new Map(members.map((member) => [member.id, member]));
  const twice = members.filter((member) => there.get(member.id) !== member);
  const wrong = twice.map(({ id }) => `${id} is in ${channel}, and hears it twice: it is a member of two shards`);
  for (const { id, user, memberships } of byId.values()) {
    const isMember = memberships.some((shard) => shard.channel === channel);
    const member = there.get(id);
    if (isMember && !member) wrong.push(`${id} is in ${channel}, and deaf: there is no such member`);
    if (!isMember && member) wrong.push(`${id} is not in ${channel}, and hears it: there is such a member`);
    if (member && member.user !== user) wrong.push(`${id} is ${user}, and called ${member.user} in ${channel}`);
    there.delete(id);
  }
  return [...wrong, ...[...there.keys()].map((id) => `${id} is gone, and a member of ${channel}`)];
}

async function disagreementsOfName({ names }: Store, { id, user, groups }: Connected): Promise<string[]> {
  if (isGuest(user) || isAuthenticated({ groups })) return [];
  const holder = await names.holder(user);
  return holder?.id === id ? [] : [`${id} is called ${user}, which ${holder?.id ?? "nobody"} holds`];
}
