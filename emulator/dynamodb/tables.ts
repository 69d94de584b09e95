import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { TableConfig } from "../terraform/tables.ts";

/** How long another DynamoDB may take to make a table. */
const CREATION_SECONDS_MAX = 60;

/** Makes the tables that the Terraform declares. One that is there already is taken as it is. */
export async function createTables(client: DynamoDBClient, tables: readonly TableConfig[]): Promise<void> {
  await Promise.all(tables.map((table) => createTable(client, table)));
}

async function createTable(client: DynamoDBClient, { name, keys }: TableConfig): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: keys.map(({ attribute, role }) => ({ AttributeName: attribute, KeyType: role })),
        AttributeDefinitions: keys.map(({ attribute, type }) => ({ AttributeName: attribute, AttributeType: type })),
      }),
    );
  } catch (fault) {
    if (!(fault instanceof ResourceInUseException)) throw fault;
  }
  await waitUntilTableExists({ client, maxWaitTime: CREATION_SECONDS_MAX, minDelay: 1 }, { TableName: name });
}
