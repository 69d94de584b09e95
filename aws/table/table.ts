import { type AttributeValue, ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Now } from "../../chat/ports.ts";
import type { Config } from "../config.ts";

export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

const client = new DynamoDBClient();

// This middleware filters every response for the log, although there is no logger: a tenth of a fan-out's CPU.
client.middlewareStack.remove("loggerMiddleware");

/** The function's own table. All tables share the client, which is created while the function starts. */
export const tableOf = ({ tableName }: Pick<Config, "tableName">): Table => ({ client, name: tableName });

/** The credentials of the function's role. The SDK caches them, and renews them before they expire. */
export const credentials = () => client.config.credentials();

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

/** Resolves with undefined if the condition of a write does not hold. */
export async function ifConditionHolds<Output>(writing: Promise<Output>): Promise<Output | undefined> {
  try {
    return await writing;
  } catch (fault) {
    if (fault instanceof ConditionalCheckFailedException) return undefined;
    throw fault;
  }
}

/** Whether the SDK has retried a request. An earlier attempt may have taken effect although its response was lost. */
export const isRetried = ({ attempts = 1 }: { readonly attempts?: number | undefined }): boolean => attempts > 1;
