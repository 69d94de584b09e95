import type { Shard } from "../channel.ts";
import {
  type Connected,
  channelsLeftBy,
  isAuthenticated,
  type Member,
  membershipIn,
  type Recipient,
} from "../connection.ts";
import { type DeliveryPorts, startDelivery } from "../fan-out/delivery.ts";
import type { Departure } from "../fan-out/tasks.ts";
import type { Members } from "../ports.ts";
import type { ServerFrame, ServerFrameOf } from "../protocol/client-frames.ts";
import { formsOf } from "../protocol/frames.ts";
import { type RemovePorts, removeConnections } from "./remove-connections.ts";

/** Notices are best effort: a client that misses one can ask `members`. */
const PRESENCE_MILLISECONDS = 1_000;

/** The time to notify channels of all connections that a function has found gone. A client waits for the function. */
export const DEPARTURES_MILLISECONDS = 2_000;

export interface PresencePorts extends DeliveryPorts, RemovePorts {
  readonly members: Pick<Members, "pages" | "remove">;
  /** Larger channels get no notices of presence: their number would grow with the square of the members. */
  readonly presenceMembersMax: number;
}

type User = Member & Pick<Connected, "groups">;

/** A notice about a user, for the other members of a channel. */
interface ChannelNotice {
  readonly channel: string;
  readonly frame: ServerFrame;
  /** The user's connection. It is not notified. */
  readonly about: User;
}

type JoinedOrLeft = ServerFrameOf<"joined" | "left">;

/**
 * Notifies a channel that a user joined or left, after the member was written or removed. A user with several connections
 * joins with the first one and leaves with the last one.
 */
export async function announce(
  ports: PresencePorts,
  notice: ChannelNotice & { readonly frame: JoinedOrLeft },
): Promise<void> {
  const { channel, frame, about } = notice;
  const others = await othersIn(ports, channel, about);
  const own = others?.filter(({ user }) => user === about.user) ?? [];
  const isKnown = own.some((other) => frame.type === "left" || isEarlier(other, about));
  if (!others || isKnown) return;
  await announceDepartures(ports, await pushNotice(ports, { channel, frame, others }));
  await announceDepartures(ports, await correctNotice(ports, notice));
}

/** Two connections that join at the same time see each other. Only the earlier one notifies the channel. */
const isEarlier = (one: Member, other: Member): boolean => {
  if (one.joinedAt === undefined || other.joinedAt === undefined) return true;
  return one.joinedAt < other.joinedAt || (one.joinedAt === other.joinedAt && one.id < other.id);
};

/**
 * The user may have joined or left with another connection in the meantime, and the two notices can arrive in the wrong
 * order. So each function reads the members again after its notice, and sends a correction if the notice is not true any
 * more. Returns the connections that turned out to be gone.
 */
async function correctNotice(
  ports: PresencePorts,
  { channel, frame, about }: ChannelNotice & { readonly frame: JoinedOrLeft },
): Promise<Connected[]> {
  if (!isAuthenticated(about)) return [];
  const all = await audienceOf(ports, channel);
  const isThere = all?.some(({ user }) => user === about.user);
  if (!all || isThere === (frame.type === "joined")) return [];
  const others = all.filter(({ user }) => user !== about.user);
  const now: JoinedOrLeft = { ...frame, type: isThere ? "joined" : "left" };
  const gone = await pushNotice(ports, { channel, frame: now, others });
  return [...gone, ...(await correctNotice(ports, { channel, frame: now, about }))];
}

/** Notifies a channel of something that applies to all connections of a user. */
export async function notifyChannel(ports: PresencePorts, { channel, frame, about }: ChannelNotice): Promise<void> {
  const others = await othersIn(ports, channel, about);
  if (others) await announceDepartures(ports, await pushNotice(ports, { channel, frame, others }));
}

/** The channels that were not, or not completely, notified: because the time was over, or because of a fault. */
export interface RemainingDepartures {
  readonly left: readonly Departure[];
  readonly fault?: unknown;
}

/** Notifies the channels of connections that were removed, until the time is up. Best effort. */
export async function announceDepartures(ports: PresencePorts, departed: readonly Connected[]): Promise<void> {
  const deadline = ports.now() + DEPARTURES_MILLISECONDS;
  const { fault } = await notifyOfDepartures(ports, departuresOf(departed), deadline);
  if (fault !== undefined) throw fault;
}

/** Notifies channels one after the other until the deadline, including connections that turn out to be gone in the meantime. */
export async function notifyOfDepartures(
  ports: PresencePorts,
  departures: readonly Departure[],
  deadline: number,
): Promise<RemainingDepartures> {
  const left = [...departures];
  for (let next = left[0]; next && ports.now() < deadline; next = left[0]) {
    try {
      left.push(...departuresOf(await notifyOfDeparture(ports, next, deadline)));
    } catch (fault) {
      return { left, fault };
    }
    // The deadline may have cut off the pushes to this channel.
    if (ports.now() < deadline) left.shift();
  }
  return { left };
}

/** The connections, by the channels that their users have left with them. */
export function departuresOf(connections: readonly Connected[]): Departure[] {
  const byChannel = new Map<string, Connected[]>();
  for (const connected of connections) {
    for (const channel of channelsLeftBy(connected)) {
      byChannel.set(channel, [...(byChannel.get(channel) ?? []), connected]);
    }
  }
  return [...byChannel].map(([channel, departed]) => ({ channel, departed }));
}

/** Removes connections to which a push returned 410. Returns those that this call removed. */
export async function removeGone(ports: PresencePorts, shard: Shard, gone: readonly Recipient[]): Promise<Connected[]> {
  const ids = gone.map(({ id }) => id);
  const removedNow = await removeConnections(ports, ids);
  const wasInShard = (connected: Connected): boolean => membershipIn(connected, shard.channel)?.shard === shard.shard;
  const removed = new Set(removedNow.filter(wasInShard).map(({ id }) => id));
  // A connection may not be stored any more, or not yet list the membership: a join writes the member first.
  await Promise.all(ids.filter((id) => !removed.has(id)).map((id) => ports.members.remove(shard, id)));
  return removedNow;
}

/** Reads the members once for all connections that were removed. Returns the connections that turn out to be gone. */
async function notifyOfDeparture(
  ports: PresencePorts,
  { channel, departed }: Departure,
  deadline: number,
): Promise<Connected[]> {
  const users = new Map(departed.map((about) => [about.user, about]));
  const others = (await audienceOf(ports, channel)) ?? [];
  const foundGone: Connected[] = [];
  for (const about of users.values()) {
    if (others.some(({ user }) => user === about.user)) continue;
    const frame = { type: "left", channel, user: about.user } as const;
    foundGone.push(...(await pushNotice(ports, { channel, frame, others, deadline })));
    foundGone.push(...(await correctNotice(ports, { channel, frame, about })));
  }
  return foundGone;
}

interface PushedNotice extends Omit<ChannelNotice, "about"> {
  readonly others: readonly Member[];
  /** In epoch milliseconds. */
  readonly deadline?: number;
}

/**
 * Returns the connections that turn out to be gone. If a single connection is throttled, its client does not read. It gets
 * no retry, because the caller would wait for it.
 */
async function pushNotice(
  ports: PresencePorts,
  { channel, frame, others, deadline = ports.now() + PRESENCE_MILLISECONDS }: PushedNotice,
): Promise<Connected[]> {
  const delivery = startDelivery(ports, { forms: formsOf(frame), deadline });
  const first = await delivery.push(others);
  const stalled = new Set(delivery.isThrottled() ? [] : first.throttled);
  const second = await delivery.retry(first.undelivered.filter((recipient) => !stalled.has(recipient)));
  return removeGone(ports, { channel, shard: 0 }, [...first.gone, ...second.gone]);
}

async function othersIn(ports: PresencePorts, channel: string, about: User): Promise<Member[] | undefined> {
  return (await audienceOf(ports, channel))?.filter(({ id }) => id !== about.id);
}

/**
 * All members of a channel; undefined if there are too many to be notified, as in every channel with several shards. An
 * authenticated user can have several connections. The read is strongly consistent, so the last of several that close at
 * once sees that it is the last.
 */
async function audienceOf(
  { members, presenceMembersMax: most }: PresencePorts,
  channel: string,
): Promise<Member[] | undefined> {
  const all: Member[] = [];
  for await (const { growth, members: page } of members.pages({ channel, shard: 0 }, { limit: most + 1 })) {
    all.push(...page);
    if ((growth?.shards ?? 1) > 1 || all.length > most) return undefined;
  }
  return all;
}
