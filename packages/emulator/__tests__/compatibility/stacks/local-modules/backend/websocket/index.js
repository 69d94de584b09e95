const { ApiGatewayManagementApi } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");

const table = DynamoDBDocument.from(new DynamoDB());
const { TABLE_MESSAGES = "Messages", TABLE_CONNECTIONS = "Connections" } = process.env;

module.exports.handler = async function handler(event) {
  const { connectionId, routeKey, domainName, stage } = event.requestContext;
  const api = new ApiGatewayManagementApi({ endpoint: `https://${domainName}/${stage}` });
  if (routeKey === "$connect") return { statusCode: 200 };
  if (routeKey === "$disconnect") {
    await removeConnection(connectionId);
    return { statusCode: 200 };
  }
  const { action, roomId, text, nickname } = JSON.parse(event.body);
  if (action === "join") {
    await table.put({ TableName: TABLE_CONNECTIONS, Item: { roomId, connectionId } });
    await api.postToConnection({ ConnectionId: connectionId, Data: `joined ${roomId}` });
    return { statusCode: 200 };
  }
  if (action !== "sendMessage") return { statusCode: 400, body: "Unknown action" };
  const item = { roomId, timestamp: Date.now(), nickname, text };
  await table.put({ TableName: TABLE_MESSAGES, Item: item });
  const { Items } = await table.query({
    TableName: TABLE_CONNECTIONS,
    KeyConditionExpression: "roomId = :room",
    ExpressionAttributeValues: { ":room": roomId },
  });
  const Data = JSON.stringify({ nickname, text });
  await Promise.all(Items.map((member) => api.postToConnection({ ConnectionId: member.connectionId, Data })));
  return { statusCode: 200 };
};

async function removeConnection(connectionId) {
  const { Items } = await table.scan({
    TableName: TABLE_CONNECTIONS,
    FilterExpression: "connectionId = :id",
    ExpressionAttributeValues: { ":id": connectionId },
  });
  for (const { roomId } of Items) await table.delete({ TableName: TABLE_CONNECTIONS, Key: { roomId, connectionId } });
}
