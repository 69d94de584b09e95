const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand } = require("@aws-sdk/lib-dynamodb");

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: process.env.AWS_REGION }));

exports.handler = async ({ requestContext: { connectionId } }) => {
  try {
    await documents.send(new PutCommand({ TableName: process.env.TABLE_NAME, Item: { socketId: connectionId } }));
  } catch (error) {
    return { statusCode: 500, body: `Cannot connect: ${error.message}` };
  }
  return { statusCode: 200, body: "Connected." };
};
