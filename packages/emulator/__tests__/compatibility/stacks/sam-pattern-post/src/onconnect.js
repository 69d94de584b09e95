const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand } = require("@aws-sdk/lib-dynamodb");

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: process.env.AWS_REGION }));

exports.handler = async (event) => {
  const Item = {
    connectionId: event.requestContext.connectionId,
    ttl: parseInt(Date.now() / 1000 + 3600, 10),
  };
  try {
    await documents.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item }));
  } catch (error) {
    return { statusCode: 500, body: `Failed to connect: ${JSON.stringify(error)}` };
  }
  return { statusCode: 200, body: "Connected." };
};
