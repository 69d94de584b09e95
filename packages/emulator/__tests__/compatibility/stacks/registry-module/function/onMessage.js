const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, paginateScan } = require("@aws-sdk/lib-dynamodb");

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: process.env.AWS_REGION }));

exports.handler = async (event) => {
  const { domainName, stage, routeKey } = event.requestContext;
  const api = new ApiGatewayManagementApiClient({
    region: process.env.AWS_REGION,
    endpoint: `https://${domainName}/${stage}`,
  });
  const Data = `${routeKey}: ${JSON.parse(event.body).data}`;
  for await (const { Items } of paginateScan({ client: documents }, { TableName: process.env.TABLE_NAME })) {
    for (const { connectionId } of Items) {
      await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
    }
  }
  return { statusCode: 200, body: "Sent." };
};
