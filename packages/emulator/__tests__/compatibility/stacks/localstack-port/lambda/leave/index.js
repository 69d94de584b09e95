const { DynamoDBClient, DeleteItemCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient();

exports.handler = async (event) => {
  const Key = { connectionId: { S: event.requestContext.connectionId } };
  await client.send(new DeleteItemCommand({ TableName: process.env.TABLE_NAME, Key }));
  return { statusCode: 200, body: "Disconnected." };
};
