import { SHARD_MEMBERS } from "../channel.ts";
import { CONNECTION_SECONDS_MAX } from "../connection.ts";

/**
 * How a channel's shards grow and shrink. Nothing ever has to shrink them: a growth ends by itself unless a fan-out
 * measures that the channel still needs it.
 *
 * - Newcomers, the connections that join, go to the shards of a growth until a time that is stored with it.
 * - After that time, its shards are read for the maximum lifetime of a connection. Then every member in them is gone.
 *
 * So a fan-out never misses a member, even if no fan-out runs in the meantime.
 */

/** For each growth: its number of shards, which is a power of two, and until when newcomers go there, in epoch seconds. */
export type Growths = Readonly<Record<string, number>>;

/** The number of shards of a channel at one time. */
export interface Growth {
  /** The number of shards that readers read. */
  readonly shards: number;
  /** The number of shards of the latest growth. Newcomers go to the second half of them. */
  readonly newcomers: number;
  /** Whether the growth ends soon, and has to be stored again if the channel still needs it. */
  readonly isEnding: boolean;
}

/** How long newcomers go to the shards of a growth that no fan-out renews. */
const GROWTH_SECONDS = 5 * 60;

/** In the second half of that time, a fan-out renews the growth: at most one write in 150 seconds. */
const RENEWAL_SECONDS = GROWTH_SECONDS / 2;

/**
 * How long shards are read after the last newcomer chose one of them. The five minutes cover a `join` that is still
 * running, and clocks that differ.
 */
const DRAIN_SECONDS = CONNECTION_SECONDS_MAX + 5 * 60;

/** `now` is in epoch milliseconds, here and below. */
export function growthAt(growths: Growths, now: number): Growth {
  const seconds = now / 1000;
  const current = largest(growths, (until) => seconds < until);
  return {
    shards: largest(growths, (until) => seconds < until + DRAIN_SECONDS),
    newcomers: current,
    isEnding: (growths[current] ?? Number.POSITIVE_INFINITY) - seconds < RENEWAL_SECONDS,
  };
}

function largest(growths: Growths, isCounted: (until: number) => boolean): number {
  let most = 1;
  for (const [shards, until] of Object.entries(growths)) if (isCounted(until)) most = Math.max(most, Number(shards));
  return most;
}

/** The growths of a channel after it has grown to this many shards, or that growth was renewed. */
export function grow(growths: Growths, shards: number, now: number): Growths {
  const seconds = Math.floor(now / 1000);
  // The new growth covers smaller ones: it includes their shards, and ends later.
  const larger = Object.entries(growths).filter(
    ([other, until]) => Number(other) > shards && seconds < until + DRAIN_SECONDS,
  );
  return { ...Object.fromEntries(larger), [shards]: seconds + GROWTH_SECONDS };
}

/** Whether a growth has to be stored, so that newcomers go to this many shards in the next minutes. */
export const isGrowthDue = ({ newcomers, isEnding }: Growth, shards: number): boolean =>
  shards > newcomers || (shards > 1 && shards === newcomers && isEnding);

/**
 * The number of shards that a channel needs, estimated from the number of members in one of its shards. A growth is renewed
 * while one of its shards is half full, so that a channel whose size stays the same does not alternately grow and shrink.
 */
export function shardsNeeded(shard: number, members: number): number {
  const own = shardsProvenBy(shard);
  if (members > SHARD_MEMBERS) return own * powerOfTwo(members / SHARD_MEMBERS);
  return members > SHARD_MEMBERS / 2 ? own : 1;
}

/** A member of a shard proves that its channel has at least this many shards, even if the stored number is lost. */
export const shardsProvenBy = (shard: number): number => powerOfTwo(shard + 1);

/** The smallest power of two that is at least `minimum`. */
const powerOfTwo = (minimum: number): number => 2 ** Math.ceil(Math.log2(minimum));

/**
 * The shard of a newcomer: one of those that the latest growth added. Older ones are full, and become empty as members
 * leave. A connection that repeats its `join` gets the same shard, unless the channel has grown or shrunk since.
 */
export function shardForNewcomer(newcomers: number, connectionId: string): number {
  const oldest = Math.floor(newcomers / 2);
  return oldest + Math.floor((hashOf(connectionId) / 2 ** 32) * (newcomers - oldest));
}

/** FNV-1a, and the final mix of MurmurHash3: without it, ids that differ in their last characters share their first bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
