const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");

const table = DynamoDBDocument.from(new DynamoDB({}));

exports.handler = async (event) => {
  await table.delete({ TableName: process.env.TABLE_NAME, Key: { connectionId: event.requestContext.connectionId } });
  return { statusCode: 200, body: "Disconnected." };
};
