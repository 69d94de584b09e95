import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
const TableName = process.env.GAMES_TABLE;

const actions = {
  async createGame({ gameId }, player) {
    await documents.send(new PutCommand({ TableName, Item: { gameId, player, cards: [] } }));
    return { created: gameId };
  },
  async playCard({ gameId, card }) {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName,
        Key: { gameId },
        UpdateExpression: "SET cards = list_append(cards, :played)",
        ExpressionAttributeValues: { ":played": [card] },
        ReturnValues: "ALL_NEW",
      }),
    );
    return { cards: Attributes.cards };
  },
  async joinGame(_frame, player) {
    const { Items } = await documents.send(
      new QueryCommand({
        TableName,
        IndexName: "by-player",
        KeyConditionExpression: "player = :player",
        ExpressionAttributeValues: { ":player": player },
      }),
    );
    return { games: Items.map(({ gameId }) => gameId) };
  },
};

export const handler = async ({ requestContext, body }) => {
  const { routeKey, connectionId, domainName, stage } = requestContext;
  const action = actions[routeKey];
  if (!action) return { statusCode: 200 };
  const result = await action(JSON.parse(body), connectionId);
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(result) }));
  return { statusCode: 200 };
};
