const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, DeleteCommand, ScanCommand } = require("@aws-sdk/lib-dynamodb");

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: process.env.AWS_REGION }));
const { TABLE_NAME } = process.env;

exports.handler = async (event) => {
  const { domainName, stage } = event.requestContext;
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const { Items } = await documents.send(new ScanCommand({ TableName: TABLE_NAME, ProjectionExpression: "socketId" }));
  const { data } = JSON.parse(event.body);
  const posts = Items.map(async ({ socketId }) => {
    try {
      await api.send(new PostToConnectionCommand({ ConnectionId: socketId, Data: data }));
    } catch (error) {
      if (error.$metadata?.httpStatusCode !== 410) throw error;
      await documents.send(new DeleteCommand({ TableName: TABLE_NAME, Key: { socketId } }));
    }
  });
  await Promise.all(posts);
  return { statusCode: 200, body: "Sent." };
};
