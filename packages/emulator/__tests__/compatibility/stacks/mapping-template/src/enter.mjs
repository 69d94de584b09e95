import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({ region: process.env.AWS_REGION });

export const handler = async (event) => {
  const Item = { connectionId: { S: event.requestContext.connectionId } };
  await client.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item }));
  return { statusCode: 200, body: "Connected" };
};
