import type { AttributeValue, QueryCommandInput, QueryCommandOutput } from "@aws-sdk/client-dynamodb";
// lean-client.ts, or sdk-client.ts with the condition of infra/bundle.ts.
import { tableClient } from "#table-client";
import type { Now } from "../../chat/ports.ts";
import type { Config } from "../config.ts";
import type { Send } from "./operations.ts";

export interface Table {
  readonly name: string;
  readonly send: Send;
}

/** The function's own table. All tables share one client. */
export const tableOf = ({ tableName }: Pick<Config, "tableName">): Table => ({ name: tableName, send: tableClient() });

/** Reads one page of a query after the other, each when it is requested. */
export async function* queryPages(table: Table, query: QueryCommandInput): AsyncGenerator<QueryCommandOutput, void> {
  let { ExclusiveStartKey } = query;
  do {
    const page = await table.send("Query", { ...query, ...(ExclusiveStartKey && { ExclusiveStartKey }) });
    yield page;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** The current time in epoch seconds, the unit of TTL. */
export const secondsOf = (now: Now): number => Math.floor(now() / 1000);

/**
 * Whether an item has not expired. DynamoDB deletes expired items within a few days, so readers ignore them until then.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export const isLive = ({ ttl }: Record<string, AttributeValue>, now: Now): boolean => Number(ttl?.N) > secondsOf(now);

/** Leaves expired items out of a query. */
export const liveFilter = (now: Now) => ({
  FilterExpression: "#ttl > :now",
  ExpressionAttributeNames: { "#ttl": "ttl" },
  ExpressionAttributeValues: { ":now": { N: String(secondsOf(now)) } },
});

/** Writes an item only if it does not exist or has expired. */
export const unlessLive = (now: Now) => ({
  ConditionExpression: "attribute_not_exists(pk) OR #ttl <= :now",
  ExpressionAttributeNames: { "#ttl": "ttl" },
  ExpressionAttributeValues: { ":now": { N: String(secondsOf(now)) } },
});

/** Leaves out attributes that are undefined. */
export const SPARSE = { removeUndefinedValues: true };

/** The error of a write whose condition does not hold, by the SDK or by our own client. */
export const isConditionFault = (fault: unknown): fault is Error & { readonly $metadata: Metadata } =>
  fault instanceof Error && fault.name === "ConditionalCheckFailedException";

/** Resolves with undefined if the condition of a write does not hold. */
export async function ifConditionHolds<Output>(writing: Promise<Output>): Promise<Output | undefined> {
  try {
    return await writing;
  } catch (fault) {
    if (isConditionFault(fault)) return undefined;
    throw fault;
  }
}

interface Metadata {
  readonly attempts?: number | undefined;
}

/** Whether the client has retried a request. An earlier attempt may have taken effect although its response was lost. */
export const isRetried = ({ attempts = 1 }: Metadata): boolean => attempts > 1;
