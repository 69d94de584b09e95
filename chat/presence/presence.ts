import type { Shard } from "../channel.ts";
import { type Connected, isAuthenticated, type Member, membershipIn, type Recipient } from "../connection.ts";
import { type DeliveryPorts, deliver } from "../fan-out/delivery.ts";
import type { Farewell } from "../fan-out/tasks.ts";
import type { Members } from "../ports.ts";
import type { ServerFrame, ServerFrameOf } from "../protocol/client-frames.ts";
import { formsOf } from "../protocol/frames.ts";
import { type ForgetPorts, forgetAll } from "./forget.ts";

/** Notices are best effort: a client that misses one can ask `members`. */
const PRESENCE_MILLISECONDS = 1_000;

/** For the farewells to all connections that a function has found gone: a caller waits for the function. */
export const FAREWELLS_MILLISECONDS = 2_000;

export interface PresencePorts extends DeliveryPorts, ForgetPorts {
  readonly members: Pick<Members, "pages" | "remove">;
  /** In a larger channel nobody is told who comes, goes and types: it would cost the square of its members. */
  readonly presenceMembersMax: number;
}

type User = Member & Pick<Connected, "groups">;

interface News {
  readonly channel: string;
  readonly frame: ServerFrame;
  /** The connection that it is about, which is not notified. */
  readonly about: User;
}

/** That a user came or went. */
type Coming = ServerFrameOf<"joined" | "left">;

/**
 * Tells a channel that a user came or went, after the member was written or removed. Once per user: who is still there by
 * another connection has not gone, and who was there before does not come.
 */
export async function announce(ports: PresencePorts, news: News & { readonly frame: Coming }): Promise<void> {
  const { channel, frame, about } = news;
  const others = await othersIn(ports, channel, about);
  const own = others?.filter(({ user }) => user === about.user) ?? [];
  const isNoNews = own.some((other) => frame.type === "left" || isEarlier(other, about));
  if (!others || isNoNews) return;
  await sayFarewell(ports, await tellAll(ports, { channel, frame, others }));
  await sayFarewell(ports, await settle(ports, news));
}

/** Two that come at once both see each other: one of them is first, and tells. */
const isEarlier = (one: Member, other: Member): boolean => {
  if (one.joinedAt === undefined || other.joinedAt === undefined) return true;
  return one.joinedAt < other.joinedAt || (one.joinedAt === other.joinedAt && one.id < other.id);
};

/**
 * By another connection, the user may have come or gone meanwhile, and what was told of that may have been heard before
 * this. Who has told looks again, and tells what is so by now. Gives the connections that turned out to be gone.
 */
async function settle(
  ports: PresencePorts,
  { channel, frame, about }: News & { readonly frame: Coming },
): Promise<Connected[]> {
  if (!isAuthenticated(about)) return [];
  const all = await audienceOf(ports, channel);
  const isThere = all?.some(({ user }) => user === about.user);
  if (!all || isThere === (frame.type === "joined")) return [];
  const others = all.filter(({ user }) => user !== about.user);
  const now: Coming = { ...frame, type: isThere ? "joined" : "left" };
  const gone = await tellAll(ports, { channel, frame: now, others });
  return [...gone, ...(await settle(ports, { channel, frame: now, about }))];
}

/** Tells a channel something about a user that holds for each of the user's connections. */
export async function tell(ports: PresencePorts, { channel, frame, about }: News): Promise<void> {
  const others = await othersIn(ports, channel, about);
  if (others) await sayFarewell(ports, await tellAll(ports, { channel, frame, others }));
}

/** The channels that were not, or not completely, notified: because the time was over, or because of a fault. */
export interface FarewellRest {
  readonly left: readonly Farewell[];
  readonly fault?: unknown;
}

/** Notifies the channels of connections that were removed, as far as there is time. Best effort. */
export async function sayFarewell(ports: PresencePorts, departed: readonly Connected[]): Promise<void> {
  const deadline = ports.now() + FAREWELLS_MILLISECONDS;
  const { fault } = await notifyOfDeparted(ports, farewellsOf(departed), deadline);
  if (fault !== undefined) throw fault;
}

/** Notifies channels one after the other until the deadline, also of connections that turn out to be gone meanwhile. */
export async function notifyOfDeparted(
  ports: PresencePorts,
  farewells: readonly Farewell[],
  deadline: number,
): Promise<FarewellRest> {
  const left = [...farewells];
  for (let next = left[0]; next && ports.now() < deadline; next = left[0]) {
    try {
      left.push(...farewellsOf(await tellOfAll(ports, next, deadline)));
    } catch (fault) {
      return { left, fault };
    }
    // The deadline may have cut off the pushes to this channel.
    if (ports.now() < deadline) left.shift();
  }
  return { left };
}

/** The connections, by the channels that they were members of. */
export function farewellsOf(connections: readonly Connected[]): Farewell[] {
  const byChannel = new Map<string, Connected[]>();
  for (const connected of connections) {
    for (const { channel } of connected.memberships) {
      byChannel.set(channel, [...(byChannel.get(channel) ?? []), connected]);
    }
  }
  return [...byChannel].map(([channel, departed]) => ({ channel, departed }));
}

/** Removes connections to which a push was a 410, and gives those that nobody had removed before. */
export async function removeGone(ports: PresencePorts, shard: Shard, gone: readonly Recipient[]): Promise<Connected[]> {
  const ids = gone.map(({ id }) => id);
  const forgotten = await forgetAll(ports, ids);
  const isHere = (connected: Connected): boolean => membershipIn(connected, shard.channel)?.shard === shard.shard;
  const removed = new Set(forgotten.filter(isHere).map(({ id }) => id));
  // The table may not know a connection any more, or not yet know of the membership: a join writes the member first.
  await Promise.all(ids.filter((id) => !removed.has(id)).map((id) => ports.members.remove(shard, id)));
  return forgotten;
}

/** Reads the audience once for all connections that were removed. Returns the connections that turn out to be gone. */
async function tellOfAll(
  ports: PresencePorts,
  { channel, departed }: Farewell,
  deadline: number,
): Promise<Connected[]> {
  const users = new Map(departed.map((about) => [about.user, about]));
  const others = (await audienceOf(ports, channel)) ?? [];
  const foundGone: Connected[] = [];
  for (const about of users.values()) {
    if (others.some(({ user }) => user === about.user)) continue;
    const frame = { type: "left", channel, user: about.user } as const;
    foundGone.push(...(await tellAll(ports, { channel, frame, others, deadline })));
    foundGone.push(...(await settle(ports, { channel, frame, about })));
  }
  return foundGone;
}

interface Telling extends Omit<News, "about"> {
  readonly others: readonly Member[];
  /** In epoch milliseconds. */
  readonly deadline?: number;
}

/**
 * Returns the connections that turn out to be gone. A connection that alone is throttled gets no retry: its client does
 * not read, and the caller would wait for it.
 */
async function tellAll(
  ports: PresencePorts,
  { channel, frame, others, deadline = ports.now() + PRESENCE_MILLISECONDS }: Telling,
): Promise<Connected[]> {
  const delivery = deliver(ports, { forms: formsOf(frame), deadline });
  const first = await delivery.push(others);
  const stalled = new Set(delivery.isThrottled() ? [] : first.throttled);
  const second = await delivery.retry(first.undelivered.filter((recipient) => !stalled.has(recipient)));
  return removeGone(ports, { channel, shard: 0 }, [...first.gone, ...second.gone]);
}

async function othersIn(ports: PresencePorts, channel: string, about: User): Promise<Member[] | undefined> {
  return (await audienceOf(ports, channel))?.filter(({ id }) => id !== about.id);
}

/**
 * All members of a channel; undefined if they are too many to be notified, as in every channel with several shards. An
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
