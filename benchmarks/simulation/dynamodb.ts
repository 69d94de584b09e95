import { retrying } from "../../aws/table/retries.ts";
import type { Shard } from "../../chat/channel.ts";
import type { Account } from "./account.ts";
import type { ExecutionEnvironment } from "./lambda.ts";
import { type TakeTokens, tokenBucket } from "./quotas.ts";
import { sampleLatency } from "./random.ts";

export interface TableRequest {
  /** Omitted for the items of a single connection, which cannot reach the limits of a partition. */
  readonly partition?: string;
  readonly readUnits?: number;
  readonly writeUnits?: number;
  /** The time in which the function processes the response, in milliseconds of a whole core. */
  readonly cpu?: number;
}

/** A DynamoDB table: latency, consumed capacity, and the limits of its partitions and of the table. */
export function dynamodb({ clock, random, quotas, assumptions, usage }: Account) {
  const bucket = (perSecond: number): TakeTokens => tokenBucket({ perSecond, burst: perSecond }, clock.now);
  const reads = bucket(quotas.table.readUnits);
  const writes = bucket(quotas.table.writeUnits);
  const partitions = new Map<string, { readonly reads: TakeTokens; readonly writes: TakeTokens }>();

  const partitionOf = (name: string) => {
    const known = partitions.get(name);
    if (known) return known;
    const created = { reads: bucket(quotas.partition.readUnits), writes: bucket(quotas.partition.writeUnits) };
    partitions.set(name, created);
    return created;
  };

  const admits = ({ partition, readUnits = 0, writeUnits = 0 }: TableRequest): boolean => {
    const own = partition === undefined ? undefined : partitionOf(partition);
    if (own && !(own.reads(readUnits) && own.writes(writeUnits))) return false;
    return reads(readUnits) && writes(writeUnits);
  };

  const tryOnce = async (environment: ExecutionEnvironment, request: TableRequest): Promise<void> => {
    await clock.pause(environment.work(assumptions.cpu.request) + sampleLatency(assumptions.latencies.table, random));
    if (!admits(request)) {
      usage.requestsRefused += 1;
      throw new ThrottlingException();
    }
    usage.readUnits += request.readUnits ?? 0;
    usage.writeUnits += request.writeUnits ?? 0;
    await clock.pause(environment.work(request.cpu ?? 0));
  };

  /** Sends a request, with the retries of the chat's client. Rejects if DynamoDB throttles all of them. */
  return async function send(environment: ExecutionEnvironment, request: TableRequest): Promise<void> {
    // The quota of retries is per execution environment, whose requests are too few to use it up.
    const withRetries = retrying({
      kindOf: () => "throttling",
      retryAfterOf: () => undefined,
      pause: clock.pause,
      random,
    });
    await withRetries(() => tryOnce(environment, request));
  };
}

class ThrottlingException extends Error {
  override readonly name = "ThrottlingException";
}

export type SendToTable = ReturnType<typeof dynamodb>;

export const partitionOfShard = ({ channel, shard }: Shard): string => `CHANNEL#${channel}#${shard}`;
