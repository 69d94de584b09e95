import type { Shard } from "./channel.ts";
import { type Connected, isAuthenticated, type Member, mayBeOpening, membershipIn } from "./connection.ts";
import { type DeliveryPorts, deliver, type Recipient } from "./delivery.ts";
import { type ForgetPorts, forgetAll } from "./forget.ts";
import { formsOf } from "./frames.ts";
import type { Members } from "./ports.ts";
import type { ServerFrame, ServerFrameOf } from "./protocol.ts";

/** Presence is news: who is not reached by then asks `members`. */
const PRESENCE_MILLISECONDS = 1_000;

/** The same for all farewells together, however many have gone: a function has more to do than that. */
const FAREWELLS_MILLISECONDS = 2_000;

export interface PresencePorts extends DeliveryPorts, ForgetPorts {
  readonly members: Pick<Members, "pages" | "remove">;
  /** In a larger channel nobody is told who comes, goes and types: it would cost the square of its members. */
  readonly presenceMembersMax: () => number;
}

type User = Member & Pick<Connected, "groups">;

interface News {
  readonly channel: string;
  readonly frame: ServerFrame;
  /** Whom it is about: is not told. */
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
  const all = await audienceOf(ports, channel, about);
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

/** Tells all their channels that connections have gone. Those that turn out to be gone meanwhile come after. */
export async function sayFarewell(ports: PresencePorts, departed: readonly Connected[]): Promise<void> {
  const deadline = ports.now() + FAREWELLS_MILLISECONDS;
  for (let leaving = departed; leaving.length > 0; ) {
    const foundGone: Connected[] = [];
    for (const [channel, left] of byChannel(leaving)) {
      if (ports.now() >= deadline) return;
      foundGone.push(...(await tellOfAll(ports, { channel, left, deadline })));
    }
    leaving = foundGone;
  }
}

/** Removes connections to which a push was a 410, and gives those that nobody had removed before. */
export async function removeGone(ports: PresencePorts, shard: Shard, gone: readonly Recipient[]): Promise<Connected[]> {
  const ids = gone.filter((recipient) => !mayBeOpening(recipient, ports.now())).map(({ id }) => id);
  const forgotten = await forgetAll(ports, ids);
  const isHere = (connected: Connected): boolean => membershipIn(connected, shard.channel)?.shard === shard.shard;
  const removed = new Set(forgotten.filter(isHere).map(({ id }) => id));
  // The table may not know a connection any more, or not yet know of the membership: a join writes the member first.
  await Promise.all(ids.filter((id) => !removed.has(id)).map((id) => ports.members.remove(shard, id)));
  return forgotten;
}

/** The audience is read once, however many have left. */
async function tellOfAll(
  ports: PresencePorts,
  {
    channel,
    left,
    deadline,
  }: { readonly channel: string; readonly left: readonly Connected[]; readonly deadline: number },
): Promise<Connected[]> {
  const users = new Map(left.map((about) => [about.user, about]));
  const others = (await audienceOf(ports, channel, left.find(isAuthenticated))) ?? [];
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

/** Gives the connections that turned out to be gone. */
async function tellAll(
  ports: PresencePorts,
  { channel, frame, others, deadline = ports.now() + PRESENCE_MILLISECONDS }: Telling,
): Promise<Connected[]> {
  const delivery = deliver(ports, { forms: formsOf(frame), deadline });
  const first = await delivery.push(others);
  const second = await delivery.retry(first.undelivered);
  return removeGone(ports, { channel, shard: 0 }, [...first.gone, ...second.gone]);
}

async function othersIn(ports: PresencePorts, channel: string, about: User): Promise<Member[] | undefined> {
  return (await audienceOf(ports, channel, about))?.filter(({ id }) => id !== about.id);
}

/**
 * All members of a channel; undefined where presence is off, because they are too many or the channel has several shards.
 *
 * Authenticated users can have several connections, so this read is strongly consistent for them: the last of several
 * simultaneous disconnects must see that it is the last.
 */
async function audienceOf(
  { members, presenceMembersMax }: PresencePorts,
  channel: string,
  about: User | undefined,
): Promise<Member[] | undefined> {
  const most = presenceMembersMax();
  const isLatest = about !== undefined && isAuthenticated(about);
  const all: Member[] = [];
  for await (const { growth, members: page } of members.pages({ channel, shard: 0 }, { limit: most + 1, isLatest })) {
    all.push(...page);
    if ((growth?.shards ?? 1) > 1 || all.length > most) return undefined;
  }
  return all;
}

function byChannel(departed: readonly Connected[]): ReadonlyMap<string, Connected[]> {
  const channels = new Map<string, Connected[]>();
  for (const connected of departed) {
    for (const { channel } of connected.memberships) {
      channels.set(channel, [...(channels.get(channel) ?? []), connected]);
    }
  }
  return channels;
}
