import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { push } from "./push.js";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.APP_TABLE_NAME;

export async function handler({ requestContext: { eventType, connectionId }, body }) {
  if (eventType !== "MESSAGE") return { statusCode: 200 };
  const { t, room } = JSON.parse(body);
  if (t !== "hello") return { statusCode: 200 };
  const expires_at = Math.floor(Date.now() / 1000) + 7200;
  const Item = { pk: `ROOM#${room}`, sk: `CONN#${connectionId}`, expires_at };
  await documents.send(new PutCommand({ TableName, Item }));
  const { Items } = await documents.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": Item.pk, ":prefix": "CONN#" },
      ConsistentRead: true,
    }),
  );
  await Promise.all(Items.map(({ sk }) => push(sk.slice("CONN#".length), { t: "room", members: Items.length })));
  return { statusCode: 200 };
}
