import type { BucketRate } from "./token-bucket.ts";

/** What an AWS account may do in a region, until it asks for more. */
export interface Quotas {
  /** API Gateway: handshakes, frames and pushes of all APIs together. */
  readonly requests: BucketRate;
  /** API Gateway: handshakes alone. */
  readonly handshakes: BucketRate;
  /** The stage's own throttle: a setting, not a quota. Pushes do not count. */
  readonly stage: BucketRate;
  /** Lambda: environments that are busy at once, of all functions together. */
  readonly concurrency: number;
  /** Lambda: new environments, for each function. Cannot be raised. */
  readonly scaling: BucketRate;
  /** DynamoDB: of each partition. Cannot be raised. */
  readonly partition: { readonly readUnits: number; readonly writeUnits: number };
  /** DynamoDB: of a table that was just made. It grows with use, or beforehand by warm throughput. */
  readonly table: { readonly readUnits: number; readonly writeUnits: number };
}

export const DEFAULT_QUOTAS: Quotas = {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html (2,500 and 1,250 in some regions)
  requests: { perSecond: 10_000, burst: 5_000 },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
  handshakes: { perSecond: 500, burst: 500 },
  // As much as the account has.
  stage: { perSecond: 10_000, burst: 5_000 },
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (a new account has less)
  concurrency: 1_000,
  // 1,000 each ten seconds, refilled continuously. https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
  scaling: { perSecond: 100, burst: 1_000 },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
  partition: { readUnits: 3_000, writeUnits: 1_000 },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
  table: { readUnits: 12_000, writeUnits: 4_000 },
};
