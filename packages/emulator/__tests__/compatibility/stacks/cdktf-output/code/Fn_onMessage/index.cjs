const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");

exports.handler = async ({ requestContext, body }) => {
  const client = new ApiGatewayManagementApiClient({ endpoint: process.env.url.replace("wss://", "https://") });
  const Data = Buffer.from(`price of ${body}`);
  await client.send(new PostToConnectionCommand({ ConnectionId: requestContext.connectionId, Data }));
  return { statusCode: 200, body: "ack" };
};
