// What a TypeScript compiler writes for `import` and `export`.
Object.defineProperty(exports, "__esModule", { value: true });
exports.handler = void 0;
const client_apigatewaymanagementapi_1 = require("@aws-sdk/client-apigatewaymanagementapi");
const client_dynamodb_1 = require("@aws-sdk/client-dynamodb");
const table = new client_dynamodb_1.DynamoDBClient({});
const api = new client_apigatewaymanagementapi_1.ApiGatewayManagementApiClient({
  endpoint: process.env.APIGW_ENDPOINT,
});
const TableName = process.env.TABLE_NAME;
const handler = async (event) => {
  const connectionId = { S: event.requestContext.connectionId };
  switch (event.requestContext.routeKey) {
    case "$connect":
      await table.send(new client_dynamodb_1.PutItemCommand({ TableName, Item: { connectionId } }));
      break;
    case "$disconnect":
      await table.send(new client_dynamodb_1.DeleteItemCommand({ TableName, Key: { connectionId } }));
      break;
    default:
      await broadcast(`${process.env.audience}: ${event.body}`);
  }
  return { statusCode: 200 };
};
exports.handler = handler;
async function broadcast(text) {
  const { Items = [] } = await table.send(new client_dynamodb_1.ScanCommand({ TableName }));
  for (const item of Items) {
    await api.send(
      new client_apigatewaymanagementapi_1.PostToConnectionCommand({
        ConnectionId: item.connectionId.S,
        Data: Buffer.from(text),
      }),
    );
  }
}
