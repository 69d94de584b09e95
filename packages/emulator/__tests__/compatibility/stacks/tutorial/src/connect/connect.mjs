import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient();

export const handler = async (event) => {
  const ttl = Math.floor(Date.now() / 1000) + 86_400;
  await client.send(
    new PutItemCommand({
      TableName: process.env.TABLE_NAME,
      Item: { connectionId: { S: event.requestContext.connectionId }, ttl: { N: String(ttl) } },
      ConditionExpression: "attribute_not_exists(connectionId)",
    }),
  );
  return { statusCode: 200 };
};
