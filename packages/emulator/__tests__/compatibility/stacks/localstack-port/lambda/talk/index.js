const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient();

exports.handler = async (event) => {
  const { domainName, stage } = event.requestContext;
  // As a local stack needs it: without the variable, the endpoint is that of the event.
  const endpoint = process.env.LOCALSTACK_HOSTNAME ?? `https://${domainName}/${stage}`;
  const api = new ApiGatewayManagementApiClient({ endpoint });
  const { Items } = await client.send(new ScanCommand({ TableName: process.env.TABLE_NAME }));
  const Data = JSON.parse(event.body).data || "";
  const posts = Items.map(({ connectionId }) =>
    api.send(new PostToConnectionCommand({ ConnectionId: connectionId.S, Data })),
  );
  await Promise.all(posts);
  return { statusCode: 200, body: "Data sent." };
};
