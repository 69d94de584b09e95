import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";

const client = new ApiGatewayManagementApiClient({ endpoint: process.env.WS_ENDPOINT });

export const push = (ConnectionId, message) =>
  client.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }));
