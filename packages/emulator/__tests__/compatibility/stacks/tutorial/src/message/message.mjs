import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";

const database = new DynamoDBClient();
const api = new ApiGatewayManagementApiClient({ endpoint: process.env.API_ENDPOINT });

export const handler = async ({ requestContext: { routeKey }, body }) => {
  const Data = new TextEncoder().encode(routeKey === "$default" ? `unknown: ${body}` : JSON.parse(body).text);
  for await (const { Items } of paginateScan({ client: database }, { TableName: process.env.TABLE_NAME })) {
    await Promise.allSettled(
      Items.map(({ connectionId }) => api.send(new PostToConnectionCommand({ ConnectionId: connectionId.S, Data }))),
    );
  }
  return { statusCode: 200 };
};
