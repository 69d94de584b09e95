import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Key } from "../../aws/table/keys.ts";
import prices from "../../benchmarks/costs/prices.json" with { type: "json" };
import type { Counts, Progress } from "./progress.ts";
import type { Item } from "./relations.ts";

export interface PageRequest {
  readonly segment: number;
  readonly segments: number;
  readonly after?: Key;
}

/** Reads one page of a table. Without `next`, it is the last one of its segment. */
export type Scan = (request: PageRequest) => Promise<{ readonly items: readonly Item[]; readonly next?: Key }>;

export interface HandledPage {
  readonly counts: Counts;
  /** What is appended to the output. */
  readonly text?: string;
}

/** Reads the whole table, one page of each segment at a time. Starts where the progress is. */
export async function scanAll(
  scan: Scan,
  progress: Progress,
  handle: (items: readonly Item[]) => Promise<HandledPage> | HandledPage,
): Promise<void> {
  const segments = progress.positions.length;
  await inParallel(progress.positions.entries(), segments, async ([segment, start], hasFailed) => {
    for (let position = start; position !== "end" && !hasFailed(); ) {
      const request = { segment, segments, ...(position !== "start" && { after: position }) };
      const { items, next = "end" } = await scan(request);
      progress.commit(segment, next, await handle(items));
      position = next;
    }
  });
}

/** Runs tasks, `limit` at a time. After a fault, it starts no further task, and rejects when those in progress have ended. */
export async function inParallel<Task>(
  tasks: Iterable<Task>,
  limit: number,
  run: (task: Task, hasFailed: () => boolean) => Promise<void>,
): Promise<void> {
  const remaining = tasks[Symbol.iterator]();
  const faults: unknown[] = [];
  const hasFailed = (): boolean => faults.length > 0;
  const work = async (): Promise<void> => {
    for (let next = remaining.next(); !next.done && !hasFailed(); next = remaining.next()) {
      await run(next.value, hasFailed).catch((fault) => faults.push(fault));
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (hasFailed()) throw faults[0];
}

/** An interrupted run repeats a page. A page of 1 MB can have 8,000 messages, whose erasure uses 24,000 write units. */
const PAGE_ITEMS_MAX = 1_000;

/** Eventually consistent reads cost half. */
export const scanOf =
  (client: DynamoDBClient, TableName: string, { isConsistent = false } = {}): Scan =>
  async ({ segment, segments, after }) => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName,
        Limit: PAGE_ITEMS_MAX,
        ConsistentRead: isConsistent,
        ...(segments > 1 && { Segment: segment, TotalSegments: segments }),
        ...(after && { ExclusiveStartKey: marshall(after) }),
      }),
    );
    return {
      items: Items.map((item) => unmarshall(item) as Item),
      ...(LastEvaluatedKey && { next: unmarshall(LastEvaluatedKey) as Key }),
    };
  };

/** Bytes for half a read unit: the price of an eventually consistent read. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const BYTES_PER_HALF_UNIT = 4_096;

/** What reading the whole table costs, in words. DynamoDB updates the size about every six hours. */
export async function estimateOf(client: DynamoDBClient, TableName: string): Promise<string> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName })).catch((fault) => {
    if (!(fault instanceof ResourceNotFoundException)) throw fault;
    throw new Error(
      `There is no table ${TableName} in this account and region. Deploy the environment, use the credentials of its account, or pass --endpoint.`,
    );
  });
  const { ItemCount = 0, TableSizeBytes = 0 } = Table ?? {};
  const units = Math.ceil(TableSizeBytes / BYTES_PER_HALF_UNIT) / 2;
  const dollars = ((units / 1_000_000) * prices.dynamodb.dollarsPerMillionReadUnits).toFixed(2);
  const size = `${ItemCount.toLocaleString("en")} items, ${(TableSizeBytes / 1_000_000).toFixed(1)} MB`;
  return `The table ${TableName} has about ${size}. Reading it uses about ${units.toLocaleString("en")} read units ($${dollars} in ${prices.region}).`;
}
