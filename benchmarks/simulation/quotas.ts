import type { Now } from "../../chat/ports.ts";

/** The limits of an AWS account in a region. */
export interface Quotas {
  /** API Gateway: handshakes, frames and pushes of all APIs. */
  readonly requests: BucketRate;
  /** API Gateway: handshakes. */
  readonly handshakes: BucketRate;
  /** The stage's throttle, which is a setting and not a quota. It does not apply to pushes. */
  readonly stage: BucketRate;
  /** Lambda: concurrent executions of all functions. */
  readonly concurrency: number;
  /** Lambda: new execution environments of each function. Cannot be raised. */
  readonly scaling: BucketRate;
  /** DynamoDB: each partition. Cannot be raised. */
  readonly partition: { readonly readUnits: number; readonly writeUnits: number };
  /** DynamoDB: a new on-demand table. Traffic or pre-warming raises it. */
  readonly table: { readonly readUnits: number; readonly writeUnits: number };
}

export const DEFAULT_QUOTAS: Quotas = {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html (2,500 and 1,250 in some regions)
  requests: { perSecond: 10_000, burst: 5_000 },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
  handshakes: { perSecond: 500, burst: 500 },
  // The same as the account.
  stage: { perSecond: 10_000, burst: 5_000 },
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (a new account has less)
  concurrency: 1_000,
  // 1,000 every 10 seconds. https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
  scaling: { perSecond: 100, burst: 1_000 },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
  partition: { readUnits: 3_000, writeUnits: 1_000 },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
  table: { readUnits: 12_000, writeUnits: 4_000 },
};

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
