import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { reasonOf } from "../boundary.ts";
import type { TableConfig } from "../terraform/tables.ts";
import { type GuardOptions, type Store, type StoreOptions, startStore } from "./store.ts";
import { createTables } from "./tables.ts";

export interface DynamodbOptions extends StoreOptions, GuardOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How often expired items are deleted. DynamoDB does not delete them immediately either. */
const EXPIRY_MILLISECONDS = 60_000;

/** DynamoDB with the tables of a stack. */
export interface Dynamodb extends Store {
  /** Creates the tables of a changed stack that do not exist, and authorizes by the changed stack. */
  update(guardData: GuardOptions["guardData"]): Promise<void>;
  /** Deletes items that have expired now. It also happens every minute. */
  deleteExpired(): Promise<void>;
}

/** Starts DynamoDB and creates the stack's tables. */
export async function startDynamodb(options: DynamodbOptions): Promise<Dynamodb> {
  let { tables } = options.guardData;
  const store = await startStore(options, options);
  try {
    await Promise.race([createTables(store.client, tables, options.signal), store.broken]);
  } catch (fault) {
    await store.stop();
    throw explained(fault, options);
  }
  const expire = () => deleteExpired({ client: store.client, tables, now: options.now });
  // The functions report an unreachable store, and the next run finds the items that this one missed.
  const expiry = setInterval(() => void expire().catch(() => undefined), EXPIRY_MILLISECONDS);
  return {
    ...store,
    deleteExpired: expire,
    async update(guardData) {
      const names = tables.map(({ name }) => name);
      await createTables(
        store.client,
        guardData.tables.filter(({ name }) => !names.includes(name)),
      );
      await store.authorizeBy(guardData);
      tables = guardData.tables;
    },
    async stop() {
      clearInterval(expiry);
      await store.stop();
    },
  };
}

/** Trap: if all addresses of a host refuse the connection, the error has a code but no message. */
function explained(fault: unknown, { dynamodbEndpoint, signal }: DynamodbOptions): unknown {
  if (dynamodbEndpoint === undefined || signal?.aborted) return fault;
  const reason = reasonOf(fault) || (fault as NodeJS.ErrnoException).code;
  const message = `The DynamoDB at ${dynamodbEndpoint} cannot be used: ${reason}. Start it, or pass another address with --dynamodb. Without the flag, the emulator runs its own.`;
  return new Error(message, { cause: fault });
}

export interface ExpiryOptions {
  readonly client: DynamoDBClient;
  readonly tables: readonly TableConfig[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Deletes expired items, because dynalite does not support TTL. */
export async function deleteExpired({ client, tables, now }: ExpiryOptions): Promise<void> {
  const seconds = Math.floor(now() / 1000);
  for (const table of tables) {
    if (table.ttlAttribute) await deleteExpiredOf({ ...table, ttlAttribute: table.ttlAttribute }, client, seconds);
  }
}

async function deleteExpiredOf(
  { name, keys, ttlAttribute }: TableConfig & { readonly ttlAttribute: string },
  client: DynamoDBClient,
  seconds: number,
): Promise<void> {
  // The condition is checked again at the delete, so that an item that was renewed after the scan stays.
  const expired = {
    TableName: name,
    ExpressionAttributeNames: { "#ttl": ttlAttribute },
    ExpressionAttributeValues: { ":now": { N: String(seconds) } },
  };
  for await (const { Items = [] } of paginateScan({ client }, { ...expired, FilterExpression: "#ttl < :now" })) {
    for (const item of Items) {
      const command = new DeleteItemCommand({ ...expired, Key: keyOf(item, keys), ConditionExpression: "#ttl < :now" });
      await client.send(command).catch(unlessRenewed);
    }
  }
}

function unlessRenewed(fault: unknown): void {
  if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
}

const keyOf = (item: Record<string, AttributeValue>, keys: TableConfig["keys"]): Record<string, AttributeValue> =>
  Object.fromEntries(keys.map(({ attribute }) => [attribute, item[attribute] as AttributeValue]));
