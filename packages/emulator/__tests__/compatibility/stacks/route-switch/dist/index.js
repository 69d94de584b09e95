const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } = require("@aws-sdk/lib-dynamodb");

const TableName = "Courier-connections";
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-east-1" }), {
  marshallOptions: { removeUndefinedValues: true },
});

const answer = (statusCode, message) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ message }),
});

exports.lambdaHandler = async (event) => {
  const { connectionId, domainName, routeKey } = event.requestContext;
  const api = new ApiGatewayManagementApiClient({
    region: "us-east-1",
    endpoint: `https://${domainName}/develop`,
  });
  try {
    switch (routeKey) {
      case "$connect":
        return answer(
          200,
          await documents.send(new PutCommand({ TableName, Item: { "connection-id": connectionId } })),
        );
      case "$disconnect":
        return answer(
          200,
          await documents.send(new DeleteCommand({ TableName, Key: { "connection-id": connectionId } })),
        );
      case "$default":
        return answer(200, "default called");
      case "MESSAGE": {
        const { message } = JSON.parse(event.body);
        const { Items } = await documents.send(new ScanCommand({ TableName }));
        const ids = Items.map((item) => item["connection-id"]);
        await Promise.all(
          ids.map((ConnectionId) => api.send(new PostToConnectionCommand({ ConnectionId, Data: message }))),
        );
        return answer(200, "message sent to all connections");
      }
    }
  } catch {
    return answer(500, "error occurred");
  }
};
