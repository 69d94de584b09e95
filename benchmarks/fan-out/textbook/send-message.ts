import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

/** The fields of an event that these handlers read. */
export interface TextbookEvent {
  readonly requestContext: { readonly connectionId: string };
  readonly body?: string;
}

/*
 * The way the public samples send a message: scan the whole table, then push to all connections at once with the SDK.
 * Based on AWS's simple-websockets-chat-app: https://github.com/aws-samples/simple-websockets-chat-app
 */

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const management = new ApiGatewayManagementApiClient({});

export const handler = async ({ body = "" }: TextbookEvent) => {
  const { TABLE_NAME: TableName } = process.env;
  const { Items = [] } = await table.send(new ScanCommand({ TableName, ProjectionExpression: "connectionId" }));
  const { data } = JSON.parse(body);
  const posts = Items.map(async ({ connectionId }) => {
    try {
      await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: data }));
    } catch (fault) {
      if ((fault as Error).name !== "GoneException") throw fault;
      await table.send(new DeleteCommand({ TableName, Key: { connectionId } }));
    }
  });
  try {
    await Promise.all(posts);
  } catch (fault) {
    return { statusCode: 500, body: (fault as Error).stack };
  }
  return { statusCode: 200, body: "Data sent." };
};
