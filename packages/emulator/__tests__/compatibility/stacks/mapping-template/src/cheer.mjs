import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({ region: process.env.AWS_REGION });

export const handler = async ({ requestContext: { fan, seat }, body }) => {
  const { Items } = await client.send(
    new ScanCommand({ TableName: process.env.TABLE_NAME, ProjectionExpression: "connectionId" }),
  );
  const { API_ID, AWS_REGION, STAGE } = process.env;
  const endpoint = `https://${API_ID}.execute-api.${AWS_REGION}.amazonaws.com/${STAGE}`;
  const api = new ApiGatewayManagementApiClient({ apiVersion: "2018-11-29", endpoint });
  const Data = Buffer.from(`${fan} in ${seat}: ${JSON.parse(body).message}`);
  for (const { connectionId } of Items) {
    await api.send(new PostToConnectionCommand({ ConnectionId: connectionId.S, Data }));
  }
  return { statusCode: 200, body: "Data sent" };
};
