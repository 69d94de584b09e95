import {
  CHANNELS_PER_CONNECTION_MAX,
  channelTtlSeconds,
  isPrivate,
  LASTING_CHANNELS_MAX,
  LOBBY,
  type Shard,
} from "../../chat/channel.ts";
import { type Connected, type Connection, type Member, membershipIn, ttlSeconds } from "../../chat/connection.ts";
import { type Growth, type Growths, grow, growthAt, isGrowthDue } from "../../chat/fan-out/growth.ts";
import {
  type Deletion,
  type Edit,
  isDeletion,
  isEdit,
  type LogEntry,
  type Message,
  messageTtlSeconds,
  oldestKeptId,
  REPEAT_SECONDS,
} from "../../chat/message.ts";
import type { Claim, Conversation, Conversations, Messages, Repeatable, Repeats } from "../../chat/message-ports.ts";
import type { Channels, Connections, Members, Now } from "../../chat/ports.ts";
import type { Reactions } from "../../chat/reactions.ts";
import { COUNTED_MAX, COUNTED_PAGES_MAX, type ReadMarkers } from "../../chat/read-markers.ts";
import {
  type Addresses,
  type Bans,
  frameMilliseconds,
  type Handshakes,
  type Invitations,
  type KnownUsers,
  type LastingChannels,
  type Mutes,
  type Names,
  type Rates,
  type StatusOf,
  type Users,
  WARNING_MILLISECONDS,
} from "../../chat/user-ports.ts";
import { type Lag, LaggingMap } from "./lagging-map.ts";
import { memoryReactions } from "./memory-reactions.ts";

export interface Store {
  readonly connections: Connections;
  readonly members: Members;
  readonly channels: Channels;
  readonly messages: Messages;
  readonly conversations: Conversations;
  readonly knownUsers: KnownUsers;
  readonly invitations: Invitations;
  readonly mutes: Mutes;
  readonly bans: Bans;
  readonly readMarkers: ReadMarkers;
  readonly reactions: Reactions;
  readonly rates: Rates;
  readonly repeats: Repeats;
  /** Of publishers. */
  readonly published: Repeats;
  readonly names: Names;
  readonly looks: Names;
  readonly users: Users;
  readonly statusOf: StatusOf;
  readonly addresses: Addresses;
  readonly lastingChannels: LastingChannels;
  readonly handshakes: Handshakes;
}

export const RETENTION_DAYS = 30;

/** The chat's store in memory, with the behavior of the table adapters. By default, its eventually consistent reads do not lag. */
export function memoryStore(
  now: Now,
  retrying: { readonly isRetry: boolean } = { isRetry: false },
  lag: Lag = () => 0,
): Store & { size: () => number } {
  const seconds = () => Math.floor(now() / 1000);
  const lives = (connection: { id: string; connectedAt: number }): boolean => ttlSeconds(connection) > seconds();
  const byId = new LaggingMap<string, Connected>(now, lag);
  const byShard = new Map<string, Map<string, Member>>();
  const openUntil = new LaggingMap<string, number>(now, lag);
  const growthsOf = new LaggingMap<string, Growths>(now, lag);
  const log = new Map<string, Message>();
  const changes = new Map<string, Deletion | Edit>();
  const blocked = new Set<string>();
  const claims = new Map<string, Member>();
  const byUser = new Map<string, Map<string, Member>>();
  const known = new Set<string>();
  const conversationsOf = new Map<string, Map<string, Conversation>>();
  const fullAtOf = new Map<string, number>();
  const warnedAtOf = new Map<string, number>();
  const bannedUntil = new Map<string, number>();
  const byAddress = new Map<string, Map<string, Connection>>();
  const invitedUntil = new Map<string, number>();
  const markers = new Map<string, Map<string, string>>();
  const mutedUntil = new Map<string, number>();
  const lasting = new Map<string, ReadonlySet<string>>();
  const lastingGroups = new Map<string, readonly string[]>();

  const shardOf = ({ channel, shard }: Shard): Map<string, Member> => {
    const key = `${channel}#${shard}`;
    const members = byShard.get(key) ?? new Map();
    byShard.set(key, members);
    return members;
  };
  const growthOf = (channel: string): Growth => growthAt(growthsOf.get(channel) ?? {}, now());
  const staleGrowthOf = (channel: string): Growth => growthAt(growthsOf.stale().get(channel) ?? {}, now());
  const pair = (channel: string, user: string): string => `${channel}#${user}`;
  const isOpen = (until = 0): boolean => until > seconds();

  const isKeptId = (id: string): boolean => messageTtlSeconds({ id }, RETENTION_DAYS) > seconds();
  const keptMarkers = (user: string, isWanted: (channel: string) => boolean) =>
    new Map([...(markers.get(user) ?? [])].filter(([channel, id]) => isKeptId(id) && isWanted(channel)));
  const isKept = (entry: LogEntry): boolean => isKeptId(messageIdOf(entry));

  const claimsIn = (held: Map<string, Member>): Names => ({
    async claim(user, { id, connectedAt, protocol }) {
      const holder = held.get(user);
      if (holder && lives(holder) && holder.id !== id) return false;
      held.set(user, { id, connectedAt, protocol, user });
      return true;
    },
    async holder(user) {
      const holder = held.get(user);
      return holder && lives(holder) ? holder : undefined;
    },
    async release(user, id) {
      if (held.get(user)?.id === id) held.delete(user);
    },
  });

  const store: Omit<Store, "handshakes"> = {
    connections: {
      add: async (connected) => void byId.set(connected.id, connected),
      async get(id) {
        const connected = byId.get(id);
        return connected && lives(connected) ? connected : undefined;
      },
      async getEventually(id) {
        const connected = byId.stale().get(id);
        return connected && lives(connected) ? connected : undefined;
      },
      async join(id, shard) {
        const connected = byId.get(id);
        if (!connected) return undefined;
        const others = connected.memberships.filter(({ channel }) => channel !== shard.channel);
        if (others.length >= CHANNELS_PER_CONNECTION_MAX) return undefined;
        byId.set(id, { ...connected, memberships: [...others, shard], joins: (connected.joins ?? 0) + 1 });
        return connected;
      },
      async leave(id, channel, joins) {
        const connected = byId.get(id);
        const left = connected && membershipIn(connected, channel);
        if (!left || (joins !== undefined && joins !== (connected.joins ?? 0))) return retrying.isRetry;
        byId.set(id, { ...connected, memberships: connected.memberships.filter((shard) => shard !== left) });
        return true;
      },
      async rename(id, user) {
        const connected = byId.get(id);
        if (connected) byId.set(id, { ...connected, formerUser: connected.user, user });
        return connected;
      },
      async remove(id, known) {
        const connected = byId.get(id);
        byId.delete(id);
        return connected ?? (retrying.isRetry ? known : undefined);
      },
    },
    members: {
      add: async (shard, { id, connectedAt, user, protocol, expiresAt, joinedAt }) =>
        void shardOf(shard).set(id, {
          ...{ id, connectedAt, user, protocol },
          ...(expiresAt !== undefined && { expiresAt }),
          ...(joinedAt !== undefined && { joinedAt }),
        }),
      async rename(shard, { id, user }) {
        const member = shardOf(shard).get(id);
        if (member) shardOf(shard).set(id, { ...member, user });
      },
      remove: async (shard, id) => void shardOf(shard).delete(id),
      async has(shard, id) {
        const member = shardOf(shard).get(id);
        return member !== undefined && lives(member);
      },
      async *pages(shard, { after = "", limit = 1000 } = {}) {
        const all = [...shardOf(shard).values()].filter(lives).sort((a, b) => (a.id < b.id ? -1 : 1));
        let rest = all.filter(({ id }) => id > after);
        const isFirst = shard.shard === 0 && after === "" && growthsOf.has(shard.channel);
        let growth = isFirst ? growthOf(shard.channel) : undefined;
        do {
          const members = rest.slice(0, limit);
          rest = rest.slice(limit);
          yield { members, next: rest.length > 0 ? members.at(-1)?.id : undefined, growth };
          growth = undefined;
        } while (rest.length > 0);
      },
    },
    channels: {
      async open(channel) {
        if (channel !== LOBBY) openUntil.set(channel, channelTtlSeconds(now()));
        return staleGrowthOf(channel).newcomers;
      },
      async shardsOf(channel) {
        const isThere = channel === LOBBY || isOpen(openUntil.stale().get(channel));
        return isThere ? staleGrowthOf(channel).shards : undefined;
      },
      async grow(channel, shards) {
        if (!isGrowthDue(growthOf(channel), shards)) return;
        growthsOf.set(channel, grow(growthsOf.get(channel) ?? {}, shards, now()));
      },
      list: async ({ after = "", limit }) =>
        [...openUntil.stale()]
          .filter(([name, until]) => name > after && isOpen(until) && !isPrivate(name))
          .map(([name]) => name)
          .sort((a, b) => (a < b ? -1 : 1))
          .slice(0, limit),
    },
    messages: {
      async store(message) {
        const key = pair(message.channel, message.id);
        const stored = log.get(key);
        if (stored?.deleted || stored?.edit || blocked.has(key)) return false;
        log.set(key, message);
        return true;
      },
      async block({ channel, id }) {
        const key = pair(channel, id);
        if (log.has(key)) return false;
        blocked.add(key);
        return true;
      },
      async delete({ channel, id }) {
        const message = log.get(pair(channel, id));
        if (!message || !isKept(message)) return false;
        const { edit, editDigest, versions, mentions, ...kept } = message;
        log.set(pair(channel, id), { ...kept, data: "", deleted: true });
        return true;
      },
      async get({ channel, id }) {
        const message = log.get(pair(channel, id));
        return message && isKept(message) ? message : undefined;
      },
      async edit({ channel, id, data, edit, editDigest, versions }, replaced) {
        const message = log.get(pair(channel, id));
        if (!message?.author || message.deleted || message.edit !== replaced) return false;
        log.set(pair(channel, id), { ...message, data, edit, editDigest, versions });
        return true;
      },
      record: async (change) => void changes.set(pair(change.channel, change.id), change),
      async read({ channel, after = "", before = "~", limit, latestFirst }) {
        const oldest = oldestKeptId(now(), RETENTION_DAYS);
        const found = [...log.values(), ...changes.values()]
          .filter((entry) => entry.channel === channel && entry.id > after && entry.id < before)
          .filter((entry) => entry.id >= oldest && isKept(entry))
          .sort((a, b) => (a.id < b.id ? -1 : 1));
        return (latestFirst ? found.reverse() : found).slice(0, limit);
      },
    },
    invitations: {
      give: async (channel, user) => void invitedUntil.set(pair(channel, user), channelTtlSeconds(now())),
      withdraw: async (channel, user) => void invitedUntil.delete(pair(channel, user)),
      async use(channel, user) {
        const key = pair(channel, user);
        if ((invitedUntil.get(key) ?? 0) <= seconds()) return false;
        invitedUntil.set(key, channelTtlSeconds(now()));
        return true;
      },
    },
    mutes: {
      set: async (channel, user, until) => void mutedUntil.set(pair(channel, user), Math.floor(until / 1000)),
      async until(channel, user) {
        const until = mutedUntil.get(pair(channel, user)) ?? 0;
        return until > seconds() ? until * 1000 : undefined;
      },
    },
    bans: {
      set: async (user, { until = Number.POSITIVE_INFINITY }) => void bannedUntil.set(user, Math.floor(until / 1000)),
      lift: async (user) => void bannedUntil.delete(user),
      has: async (user) => (bannedUntil.get(user) ?? 0) > seconds(),
    },
    reactions: memoryReactions(isKeptId),
    readMarkers: {
      async advance({ user, channel, id }) {
        const own = markers.get(user) ?? new Map<string, string>();
        if ((own.get(channel) ?? "") > id) return false;
        markers.set(user, own.set(channel, id));
        return true;
      },
      list: async (user) => keptMarkers(user, (channel) => !channel.startsWith("DIRECT#")),
      listConversations: async (user, logs) => keptMarkers(user, (channel) => logs.includes(channel)),
      async hasMessage({ channel, id }) {
        const message = log.get(pair(channel, id));
        return message !== undefined && isKept(message);
      },
      async get(user, channel) {
        const id = markers.get(user)?.get(channel);
        return id !== undefined && isKeptId(id) ? id : undefined;
      },
      async count({ user, channel, after = "" }) {
        const oldest = oldestKeptId(now(), RETENTION_DAYS);
        const found = [...log.values(), ...changes.values()]
          .filter((entry) => entry.channel === channel && entry.id > after && entry.id >= oldest && isKept(entry))
          .sort((a, b) => (a.id < b.id ? -1 : 1));
        const isUnread = (entry: LogEntry) =>
          "from" in entry && !entry.deleted && (entry.from !== user || entry.publisher === true);
        for (let end = COUNTED_MAX; ; end += COUNTED_MAX) {
          const count = found.slice(end - COUNTED_MAX, end).filter(isUnread).length;
          if (found.length < end) return { count };
          if (count > 0 || end === COUNTED_MAX * COUNTED_PAGES_MAX) return { count, more: true };
        }
      },
    },
    rates: {
      async take(sender, rate) {
        const key = JSON.stringify([sender, rate]);
        const fullAt = Math.max(fullAtOf.get(key) ?? 0, now()) + frameMilliseconds(rate);
        const isTaken = fullAt - now() <= rate.burst * frameMilliseconds(rate);
        if (isTaken) fullAtOf.set(key, fullAt);
        return isTaken;
      },
      async warn(sender, connectionId) {
        const [key, at] = [pair(sender, connectionId), now()];
        const before = warnedAtOf.get(key);
        warnedAtOf.set(key, at);
        return before !== undefined && before !== at && at - before < WARNING_MILLISECONDS;
      },
    },
    repeats: repeatsIn(seconds),
    published: repeatsIn(seconds),
    names: claimsIn(claims),
    looks: claimsIn(new Map()),
    users: {
      async add({ id, connectedAt, user, protocol, expiresAt }) {
        const own = { id, connectedAt, user, protocol, ...(expiresAt !== undefined && { expiresAt }) };
        byUser.set(user, new Map([...(byUser.get(user) ?? []), [id, own]]));
      },
      connectionsOf: async (user) => [...(byUser.get(user)?.values() ?? [])].filter(lives),
      remove: async (user, id) => void byUser.get(user)?.delete(id),
    },
    statusOf: async (user) => ({
      isConnected: [...(byUser.get(user)?.values() ?? [])].some(lives),
      isBanned: (bannedUntil.get(user) ?? 0) > seconds(),
      isKnown: known.has(user),
      channels: [...(lasting.get(user) ?? [])],
      groups: lastingGroups.get(user) ?? [],
    }),
    knownUsers: { add: async (user) => void known.add(user), has: async (user) => known.has(user) },
    conversations: {
      async record(user, conversation) {
        const own = conversationsOf.get(user) ?? new Map();
        const before = own.get(conversation.pair);
        if (!before || before.last < conversation.last) own.set(conversation.pair, { ...before, ...conversation });
        conversationsOf.set(user, own);
      },
      async recordChange(user, { pair, change }) {
        const own = conversationsOf.get(user);
        const before = own?.get(pair);
        if (before && (before.change ?? "") < change) own?.set(pair, { ...before, change });
      },
      list: async (user, { after = "", limit }) =>
        [...(conversationsOf.get(user)?.values() ?? [])]
          .filter(({ pair, last }) => pair > after && last >= oldestKeptId(now(), RETENTION_DAYS))
          .sort((one, other) => (one.pair < other.pair ? -1 : 1))
          .slice(0, limit),
    },
    addresses: {
      async add(address, connection) {
        const { id, connectedAt } = connection;
        byAddress.set(address, new Map([...(byAddress.get(address) ?? []), [id, { id, connectedAt }]]));
      },
      connectionsFrom: async (address) => [...(byAddress.get(address)?.values() ?? [])].filter(lives),
      remove: async (address, id) => void byAddress.get(address)?.delete(id),
    },
    lastingChannels: {
      async add(user, channel, groups = []) {
        const own = lasting.get(user) ?? new Set();
        if (!own.has(channel) && own.size >= LASTING_CHANNELS_MAX) return false;
        lasting.set(user, new Set([...own, channel]));
        if (groups.length > 0 && !lastingGroups.has(user)) lastingGroups.set(user, groups);
        return true;
      },
      async setGroups(user, groups) {
        if (!lasting.get(user)?.size) return;
        lastingGroups.delete(user);
        if (groups.length > 0) lastingGroups.set(user, groups);
      },
      async remove(user, channels) {
        const own = [...(lasting.get(user) ?? [])];
        const kept = own.filter((each) => !channels.includes(each));
        lasting.set(user, new Set(kept));
        if (kept.length === 0) lastingGroups.delete(user);
        return kept.length < own.length || retrying.isRetry;
      },
    },
  };
  return {
    ...store,
    handshakes: handshakesOn(store, {
      channelsOf: (user) => [...(lasting.get(user) ?? [])],
      groupsOf: (user) => lastingGroups.get(user) ?? [],
      isInvited: (channel, user) => isOpen(invitedUntil.get(pair(channel, user))),
      isLiveChannel: (channel, isConsistent) =>
        channel === LOBBY || isOpen((isConsistent ? openUntil : openUntil.stale()).get(channel)),
      newcomersIn: (channel, isConsistent) => (isConsistent ? growthOf : staleGrowthOf)(channel).newcomers,
    }),
    size: () =>
      [byId, claims, ...byShard.values(), ...byUser.values(), ...byAddress.values()].reduce(
        (sum, { size }) => sum + size,
        0,
      ),
  };
}

async function addMembers(members: Members, connected: Connected & Member): Promise<void> {
  for (const shard of connected.memberships) await members.add(shard, connected);
}

interface HandshakeState {
  readonly channelsOf: (user: string) => readonly string[];
  readonly groupsOf: (user: string) => readonly string[];
  readonly isInvited: (channel: string, user: string) => boolean;
  readonly isLiveChannel: (channel: string, isConsistent: boolean) => boolean;
  readonly newcomersIn: (channel: string, isConsistent: boolean) => number;
}

/** Nothing is ever due: the store in memory renews a TTL with each use. */
const handshakesOn = (
  { bans, connections, users, addresses, members }: Omit<Store, "handshakes">,
  { channelsOf, groupsOf, isInvited, isLiveChannel, newcomersIn }: HandshakeState,
): Handshakes => ({
  async readUser(user, { ban, invitations }) {
    return {
      isBanned: ban && (await bans.has(user)),
      channels: channelsOf(user),
      groups: groupsOf(user),
      invitedTo: invitations.filter((channel) => isInvited(channel, user)),
    };
  },
  async readChannels({ user, channels, invitations, isConsistent }) {
    const live = channels.filter((channel) => isLiveChannel(channel, isConsistent));
    const invited = invitations.filter((channel) => isInvited(channel, user));
    return {
      channels: new Map(live.map((each) => [each, { newcomers: newcomersIn(each, isConsistent), isDue: false }])),
      invitations: new Map(invited.map((each) => [each, { isDue: false }])),
    };
  },
  async addConnection(connected) {
    await connections.add(connected);
    await users.add(connected);
    if (connected.address !== undefined) await addresses.add(connected.address, connected);
  },
  addMembers: (connected) => addMembers(members, connected),
  async addAll({ joinedAt, ...connected }) {
    await addMembers(members, { ...connected, joinedAt });
    await users.add(connected);
    if (connected.address !== undefined) await addresses.add(connected.address, connected);
    await connections.add(connected);
  },
});

/** The id of the message that an entry is about. */
function messageIdOf(entry: LogEntry): string {
  if (isDeletion(entry)) return entry.message;
  return isEdit(entry) ? entry.edited : entry.id;
}

/** All members of a shard, from all pages. */
export async function allMembers(members: Pick<Members, "pages">, shard: Shard): Promise<Member[]> {
  const all: Member[] = [];
  for await (const page of members.pages(shard)) all.push(...page.members);
  return all;
}

/** All members of a channel, from all shards. */
export async function allChannelMembers(
  store: Pick<Store, "channels" | "members">,
  channel: string,
): Promise<Member[]> {
  const all: Member[] = [];
  const shards = (await store.channels.shardsOf(channel)) ?? 1;
  for (let shard = 0; shard < shards; shard += 1) all.push(...(await allMembers(store.members, { channel, shard })));
  return all;
}

function repeatsIn(seconds: () => number): Repeats {
  const asked = new Map<string, { claim: Claim; ttl: number }>();
  const keyOf = ({ user, channel, id, data }: Repeatable): string => JSON.stringify([user, channel, id, data]);
  const set = (request: Repeatable, claim: Claim): Claim => {
    asked.set(keyOf(request), { claim, ttl: seconds() + REPEAT_SECONDS });
    return claim;
  };
  return {
    async claim(request, blocked) {
      const first = asked.get(keyOf(request));
      const isReplaced = first && !first.claim.isDelivered && first.claim.message === blocked;
      if (first && first.ttl > seconds() && !isReplaced) return first.claim;
      return set(request, { message: request.message, isDelivered: false });
    },
    async settle(request) {
      set(request, { message: request.message, isDelivered: true });
    },
  };
}
