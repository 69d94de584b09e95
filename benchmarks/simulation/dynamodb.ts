import type { Shard } from "../../chat/channel.ts";
import type { Account } from "./account.ts";
import type { Environment } from "./lambda.ts";
import { draw } from "./random.ts";
import { type TakeTokens, tokenBucket } from "./token-bucket.ts";

/** The SDK's standard mode: two more attempts, after up to half a second and a second when throttled. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const ATTEMPTS = 3;
const BACK_OFF_MILLISECONDS = 500;

export interface TableRequest {
  /** Undefined: one that nobody else uses, whose limits no single connection comes near. */
  readonly partition?: string;
  readonly readUnits?: number;
  readonly writeUnits?: number;
  /** What the function does with the answer, in milliseconds of a whole core. */
  readonly cpu?: number;
}

/** DynamoDB, as far as it counts: latency, consumption, and the limits of partitions and of the table. */
export function table({ clock, random, quotas, assumptions, usage }: Account) {
  const bucket = (perSecond: number): TakeTokens => tokenBucket({ perSecond, burst: perSecond }, clock.now);
  const reads = bucket(quotas.table.readUnits);
  const writes = bucket(quotas.table.writeUnits);
  const partitions = new Map<string, { readonly reads: TakeTokens; readonly writes: TakeTokens }>();

  const partitionOf = (name: string) => {
    const known = partitions.get(name);
    if (known) return known;
    const made = { reads: bucket(quotas.partition.readUnits), writes: bucket(quotas.partition.writeUnits) };
    partitions.set(name, made);
    return made;
  };

  const admits = ({ partition, readUnits = 0, writeUnits = 0 }: TableRequest): boolean => {
    const own = partition === undefined ? undefined : partitionOf(partition);
    if (own && !(own.reads(readUnits) && own.writes(writeUnits))) return false;
    return reads(readUnits) && writes(writeUnits);
  };

  const tryOnce = async (environment: Environment, request: TableRequest): Promise<boolean> => {
    await clock.pause(environment.work(assumptions.cpu.request) + draw(assumptions.latencies.table, random));
    if (!admits(request)) {
      usage.requestsRefused += 1;
      return false;
    }
    usage.readUnits += request.readUnits ?? 0;
    usage.writeUnits += request.writeUnits ?? 0;
    await clock.pause(environment.work(request.cpu ?? 0));
    return true;
  };

  /** Rejects where DynamoDB goes on throttling. */
  return async function send(environment: Environment, request: TableRequest): Promise<void> {
    for (let attempt = 1; !(await tryOnce(environment, request)); attempt += 1) {
      if (attempt === ATTEMPTS) throw new Throttled();
      await clock.pause(random() * BACK_OFF_MILLISECONDS * 2 ** (attempt - 1));
    }
  };
}

class Throttled extends Error {
  override readonly name = "ThrottlingException";
}

export type SendToTable = ReturnType<typeof table>;

export const partitionOfShard = ({ channel, shard }: Shard): string => `CHANNEL#${channel}#${shard}`;
