const https = require("node:https");
const { ApiGatewayManagementApi } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const { unmarshall } = require("@aws-sdk/util-dynamodb");

const table = new DynamoDB({});

exports.handler = async (event) => {
  const { apiId, stage } = event.requestContext;
  const api = new ApiGatewayManagementApi({
    endpoint: `https://${apiId}.execute-api.${process.env.AWS_REGION}.amazonaws.com/${stage}`,
    requestHandler: { httpsAgent: new https.Agent({ keepAlive: true }) },
  });
  const { Items } = await table.scan({ TableName: process.env.TABLE_NAME });
  const { data } = JSON.parse(event.body);
  for (const { connectionId } of Items.map((item) => unmarshall(item))) {
    await api.postToConnection({ ConnectionId: connectionId, Data: JSON.stringify(data) });
  }
  return { statusCode: 200, body: "Data sent." };
};
