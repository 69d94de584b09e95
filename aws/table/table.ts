import { type AttributeValue, ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Now } from "../../chat/ports.ts";
import { environmentVariable } from "../runtime.ts";

/** Where the items are. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

const client = new DynamoDBClient();

// It filters what may be logged of each answer, member by member, though nobody logs it: a tenth of a fan-out's CPU.
client.middlewareStack.remove("loggerMiddleware");

/** The function's own table. The client is made while the function starts, where CPU is free; the name is read later. */
export const table: Table = {
  client,
  get name() {
    return environmentVariable("TABLE_NAME");
  },
};

/** The function's own, of its role: the SDK keeps them, and renews them before they expire. */
export const credentials = () => client.config.credentials();

/** As TTL counts. */
export const secondsOf = (now: Now): number => Math.floor(now() / 1000);

/** TTL deletes when it finds the time, days later at worst: an item past it does not exist. */
export const isThere = ({ ttl }: Record<string, AttributeValue>, now: Now): boolean => Number(ttl?.N) > secondsOf(now);

/** The same, of each item of a query. */
export const thereAt = (now: Now) => ({
  FilterExpression: "#ttl > :now",
  ExpressionAttributeNames: { "#ttl": "ttl" },
  ExpressionAttributeValues: { ":now": { N: String(secondsOf(now)) } },
});

/** For a write where nothing is, or nothing any more. */
export const unlessThereAt = (now: Now) => ({
  ConditionExpression: "attribute_not_exists(pk) OR #ttl <= :now",
  ExpressionAttributeNames: { "#ttl": "ttl" },
  ExpressionAttributeValues: { ":now": { N: String(secondsOf(now)) } },
});

/** For items of which not all have everything: what is undefined is left out. */
export const SPARSE = { removeUndefinedValues: true };

/** Gives undefined where the condition of a write does not hold. */
export async function unlessRefused<Output>(writing: Promise<Output>): Promise<Output | undefined> {
  try {
    return await writing;
  } catch (fault) {
    if (fault instanceof ConditionalCheckFailedException) return undefined;
    throw fault;
  }
}

/** Whether the SDK sent a request more than once: an attempt before may have taken effect without an answer. */
export const isRetried = ({ attempts = 1 }: { readonly attempts?: number | undefined }): boolean => attempts > 1;
