import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { environmentVariable } from "../runtime.ts";

/** Where the items are. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

/** The function's own table. The client is made while the function starts, where CPU is free; the name is read later. */
export const table: Table = {
  client: new DynamoDBClient(),
  get name() {
    return environmentVariable("TABLE_NAME");
  },
};
