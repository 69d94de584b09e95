import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { TextbookEvent } from "./send-message.ts";

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Stores the connection. */
export const handler = async ({ requestContext: { connectionId } }: TextbookEvent) => {
  await table.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item: { connectionId } }));
  return { statusCode: 200, body: "Connected." };
};
