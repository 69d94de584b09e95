import type { Shard } from "./channel.ts";
import type { Connected, Member } from "./connection.ts";
import { deliverAll, type FanOutPorts, nothingYet } from "./fan-out.ts";
import type { ServerFrame } from "./protocol.ts";

export interface PresencePorts extends FanOutPorts {
  /** In a larger channel nobody is told who comes, goes and types: it would cost the square of its members. */
  readonly presenceMembersMax: () => number;
}

interface News {
  readonly shard: Shard;
  readonly frame: ServerFrame;
  /** Whom it is about: is not told. */
  readonly about: Member;
}

/**
 * Tells a channel that a user came or went. Once per user: who is still there by another connection has not gone, and
 * was there before.
 */
export async function announce(ports: PresencePorts, news: News): Promise<void> {
  await sayFarewell(ports, await announceOnce(ports, news));
}

/** Tells a channel something about a user that holds for each of the user's connections. */
export async function tell(ports: PresencePorts, news: News): Promise<void> {
  const others = await othersIn(ports, news);
  if (others) await sayFarewell(ports, await deliverNews(ports, news, others));
}

/** Tells all their channels that connections have gone. Those that turn out to be gone meanwhile come after. */
export async function sayFarewell(ports: PresencePorts, departed: readonly Connected[]): Promise<void> {
  const queue = [...departed];
  for (const about of queue) {
    for (const shard of about.memberships) {
      const frame = { type: "left", channel: shard.channel, user: about.user } as const;
      queue.push(...(await announceOnce(ports, { shard, frame, about })));
    }
  }
}

async function announceOnce(ports: PresencePorts, news: News): Promise<Connected[]> {
  const others = await othersIn(ports, news);
  if (!others || others.some(({ user }) => user === news.about.user)) return [];
  return deliverNews(ports, news, others);
}

/** Gives the connections that turned out to be gone. */
async function deliverNews(ports: PresencePorts, news: News, page: readonly Member[]): Promise<Connected[]> {
  const result = nothingYet();
  await deliverAll(ports, { ...news, page }, result);
  return result.departed;
}

/** Everybody else in the channel; undefined where they are too many to be told. */
async function othersIn({ members, presenceMembersMax }: PresencePorts, { shard, about }: News) {
  const most = presenceMembersMax();
  const all: Member[] = [];
  for await (const page of members.pages(shard, { limit: most + 1 })) {
    all.push(...page);
    if (all.length > most) return undefined;
  }
  return all.filter(({ id }) => id !== about.id);
}
