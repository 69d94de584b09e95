import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { TextbookEvent } from "./send-message.ts";

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Removes the connection. */
export const handler = async ({ requestContext: { connectionId } }: TextbookEvent) => {
  await table.send(new DeleteCommand({ TableName: process.env.TABLE_NAME, Key: { connectionId } }));
  return { statusCode: 200, body: "Disconnected." };
};
