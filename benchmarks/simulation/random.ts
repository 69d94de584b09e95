import type { Random } from "../../chat/ports.ts";

/** A generator that returns the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The distribution of a duration, in milliseconds. */
export interface Latency {
  readonly median: number;
  readonly p99: number;
}

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.326;

/** Draws a duration from a log-normal distribution: it is positive and has a long tail, like network latencies. */
export function sampleLatency({ median, p99 }: Latency, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp((Math.log(p99 / median) / NORMAL_P99) * normal);
}
