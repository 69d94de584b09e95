import type { AttributeValue, WriteRequest } from "@aws-sdk/client-dynamodb";
import { random as anyNumber, pause as sleep } from "../runtime.ts";
import type { Key } from "./keys.ts";
import type { Table } from "./table.ts";

type Item = Record<string, AttributeValue>;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const READS_MAX = 100;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const WRITES_MAX = 25;

const ATTEMPTS_MAX = 6;
const FIRST_DELAY_MILLISECONDS = 50;

export interface BatchOptions {
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

interface BatchRead extends BatchOptions {
  readonly keys: readonly Key[];
  /** Twice the read units. */
  readonly ConsistentRead: boolean;
}

/**
 * Reads items, up to 100 with each request. Returns them by key, in the format of `keyText`, without missing items.
 * DynamoDB refuses a batch with the same key twice.
 */
export async function readBatch(
  table: Table,
  { keys, ConsistentRead, ...options }: BatchRead,
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  const wanted = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));
  await inParts(wanted, READS_MAX, (part) =>
    untilProcessed(part, options, async (Keys) => {
      const RequestItems = { [table.name]: { Keys: [...Keys], ConsistentRead } };
      const { Responses, UnprocessedKeys } = await table.send("BatchGetItem", { RequestItems });
      for (const item of Responses?.[table.name] ?? []) found.set(keyText(keyIn(item)), item);
      return (UnprocessedKeys?.[table.name]?.Keys ?? []) as typeof wanted;
    }),
  );
  return found;
}

const keyIn = ({ pk, sk }: Item): Key => ({ pk: pk?.S ?? "", sk: sk?.S ?? "" });

/** A unique text for each key: the length shows where the partition key ends. */
export const keyText = ({ pk, sk }: Key): string => `${pk.length} ${pk}${sk}`;

/**
 * Writes items without conditions, up to 25 with each request. Not a transaction: if it rejects, some items may be written.
 * Can be repeated. DynamoDB refuses a batch with the same key twice.
 */
export async function putBatch(table: Table, items: readonly Item[], options: BatchOptions = {}): Promise<void> {
  const requests = items.map((Item): WriteRequest => ({ PutRequest: { Item } }));
  await inParts(requests, WRITES_MAX, (part) =>
    untilProcessed(part, options, async (rest) => {
      const RequestItems = { [table.name]: [...rest] };
      const { UnprocessedItems } = await table.send("BatchWriteItem", { RequestItems });
      return UnprocessedItems?.[table.name] ?? [];
    }),
  );
}

async function inParts<Each>(all: readonly Each[], size: number, act: (part: readonly Each[]) => Promise<void>) {
  const parts: Promise<void>[] = [];
  for (let start = 0; start < all.length; start += size) parts.push(act(all.slice(start, start + size)));
  await Promise.all(parts);
}

/**
 * DynamoDB can process a part of a batch, and return the rest. This function sends the rest again after a delay that grows
 * exponentially, as AWS recommends: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.BatchOperations
 */
async function untilProcessed<Each>(
  all: readonly Each[],
  { pause = sleep, random = anyNumber }: BatchOptions,
  send: (some: readonly Each[]) => Promise<readonly Each[]>,
): Promise<void> {
  let rest = all;
  for (let attempt = 1; ; attempt += 1) {
    rest = await send(rest);
    if (rest.length === 0) return;
    if (attempt === ATTEMPTS_MAX) break;
    await pause(random() * FIRST_DELAY_MILLISECONDS * 2 ** (attempt - 1));
  }
  throw new Error(`DynamoDB did not process ${rest.length} items of a batch after ${ATTEMPTS_MAX} requests.`);
}
