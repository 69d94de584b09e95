import type { Now } from "../../chat/ports.ts";

export interface BucketRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Takes tokens, one by default. Returns false and takes none if there are too few. */
export type TakeTokens = (count?: number) => boolean;

/** A bucket that is full at first. AWS limits requests with such buckets. */
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
