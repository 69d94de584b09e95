import type { Member } from "../../chat/connection.ts";
import { type Growth, type Growths, grow, growthAt, isGrowthDue, shardForNewcomer } from "../../chat/fan-out/growth.ts";
import type { Now, Page, PageStart } from "../../chat/ports.ts";

const DIGITS = 8;

/** Connections are numbers, and their ids sort in the same order. */
export const idOf = (connection: number): string => String(connection).padStart(DIGITS, "0");
export const connectionOf = (id: string): number => Number(id);

/** An hour ago, so that no handshake is pending. */
export const CONNECTED_AT = -3_600_000;

const DEFAULT_LIMIT = 1_000;

/** The members of a channel: an ordered list of numbers for each shard. */
export class Audience {
  readonly shards: number[][] = [[]];
  size = 0;
  readonly #now: Now;
  #growths: Growths = {};
  #newcomers = 0;

  constructor(now: Now) {
    this.#now = now;
  }

  get growth(): Growth {
    return growthAt(this.#growths, this.#now());
  }

  /** Returns the shard of the next newcomer, which becomes a member later. */
  shardForNext(): number {
    this.#newcomers += 1;
    return shardForNewcomer(this.growth.newcomers, idOf(this.#newcomers));
  }

  /** Adds a member to a shard. */
  add(shard: number): Member {
    const connection = this.size;
    this.size += 1;
    this.shards[shard]?.push(connection);
    return memberOf(connection);
  }

  /** Has no effect if another function has already grown the channel. */
  grow(shards: number): void {
    if (!isGrowthDue(this.growth, shards)) return;
    this.#growths = grow(this.#growths, shards, this.#now());
    while (this.shards.length < shards) this.shards.push([]);
  }

  page(shard: number, { after, limit = DEFAULT_LIMIT }: PageStart): Page {
    const all = this.shards[shard] ?? [];
    const start = after === undefined ? 0 : indexAfter(all, connectionOf(after));
    const members = all.slice(start, start + limit).map(memberOf);
    const isFirst = shard === 0 && after === undefined && this.shards.length > 1;
    return {
      members,
      next: start + limit < all.length ? members.at(-1)?.id : undefined,
      ...(isFirst && { growth: this.growth }),
    };
  }
}

const memberOf = (connection: number): Member => ({
  id: idOf(connection),
  connectedAt: CONNECTED_AT,
  user: "guest",
  protocol: "plain",
});

function indexAfter(all: readonly number[], connection: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle] as number) <= connection) low = middle + 1;
    else high = middle;
  }
  return low;
}
