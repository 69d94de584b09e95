import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Operations, Send } from "./operations.ts";
import type { Table } from "./table.ts";

/*
 * The SDK's client behind the same port as lean-client.ts: for tests, and for deployments that are bundled with
 * TABLE_CLIENT=sdk. docs/decisions/0068-call-dynamodb-without-the-sdk.md compares both.
 */

const COMMANDS = {
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  BatchGetItem: BatchGetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
  Query: QueryCommand,
} satisfies Record<keyof Operations, unknown>;

const sdkSend =
  (client: DynamoDBClient): Send =>
  (operation, input, options) =>
    client.send(new (COMMANDS[operation] as typeof GetItemCommand)(input as never), options) as never;

/** A table and the client behind it. */
export interface SdkTable extends Table {
  readonly client: DynamoDBClient;
}

export const sdkTable = (client: DynamoDBClient, name: string): SdkTable => ({ client, name, send: sdkSend(client) });

let send: Send | undefined;

/** The client of all tables of a function. */
export function tableClient(): Send {
  if (!send) {
    const client = new DynamoDBClient();
    // This middleware prepares each response for a logger, which is not set. It takes a tenth of the CPU of a fan-out.
    client.middlewareStack.remove("loggerMiddleware");
    send = sdkSend(client);
  }
  return send;
}
