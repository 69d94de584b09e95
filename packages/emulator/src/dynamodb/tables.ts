import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type KeySchemaElement,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { IndexConfig, TableConfig, TableKey } from "../terraform/tables.ts";

/** The time limit for an external DynamoDB to create a table. */
const CREATION_SECONDS_MAX = 60;

/** Creates the tables of a stack. An existing table is not changed. Rejects when the signal is aborted. */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly TableConfig[],
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  await Promise.all(tables.map((table) => createTable(client, table, signal)));
}

async function createTable(client: DynamoDBClient, table: TableConfig, abortSignal: AbortSignal): Promise<void> {
  try {
    await client.send(new CreateTableCommand(definitionOf(table)), { abortSignal });
  } catch (fault) {
    if (!(fault instanceof ResourceInUseException)) throw fault;
  }
  const limits = { maxWaitTime: CREATION_SECONDS_MAX, minDelay: 1 };
  await waitUntilTableExists({ client, abortSignal, ...limits }, { TableName: table.name });
}

function definitionOf({ name, keys, indexes }: TableConfig): CreateTableCommandInput {
  const all = [...keys, ...indexes.flatMap((index) => index.keys)];
  const types = new Map(all.map(({ attribute, type }) => [attribute, type]));
  const indexesOf = (kind: IndexConfig["kind"]) => indexes.filter((index) => index.kind === kind).map(indexOf);
  const [globals, locals] = [indexesOf("global"), indexesOf("local")];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: schemaOf(keys),
    AttributeDefinitions: [...types].map(([attribute, type]) => ({ AttributeName: attribute, AttributeType: type })),
    ...(globals.length > 0 && { GlobalSecondaryIndexes: globals }),
    ...(locals.length > 0 && { LocalSecondaryIndexes: locals }),
  };
}

const schemaOf = (keys: readonly TableKey[]): KeySchemaElement[] =>
  keys.map(({ attribute, role }) => ({ AttributeName: attribute, KeyType: role }));

const indexOf = ({ name, keys, projection, attributes }: IndexConfig) => ({
  IndexName: name,
  KeySchema: schemaOf(keys),
  Projection: {
    ProjectionType: projection,
    ...(attributes.length > 0 && { NonKeyAttributes: [...attributes] }),
  },
});
