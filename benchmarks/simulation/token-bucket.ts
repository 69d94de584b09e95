import type { Now } from "../../chat/ports.ts";

export interface BucketRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Takes so many tokens, one unless told otherwise. False, and nothing is taken, when there are fewer. */
export type TakeTokens = (count?: number) => boolean;

/** Starts full. What AWS calls throttling, and the limit of a partition, are such buckets. */
export function tokenBucket({ perSecond, burst }: BucketRate, now: Now): TakeTokens {
  let tokens = burst;
  let filledAt = now();
  return (count = 1) => {
    tokens = Math.min(burst, tokens + ((now() - filledAt) / 1000) * perSecond);
    filledAt = now();
    if (tokens < count) return false;
    tokens -= count;
    return true;
  };
}
