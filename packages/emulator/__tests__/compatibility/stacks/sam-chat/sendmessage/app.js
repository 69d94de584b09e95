const { ApiGatewayManagementApi } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");

const table = DynamoDBDocument.from(new DynamoDB({}));

exports.handler = async (event) => {
  const { domainName, stage } = event.requestContext;
  const api = new ApiGatewayManagementApi({ endpoint: `https://${domainName}/${stage}` });
  const { Items } = await table.scan({ TableName: process.env.TABLE_NAME });
  const Data = JSON.parse(event.body).data;
  await Promise.all(Items.map(({ connectionId }) => api.postToConnection({ ConnectionId: connectionId, Data })));
  return { statusCode: 200, body: "Sent." };
};
