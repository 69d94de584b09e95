const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { path } = require("./settings");

exports.handler = (event, _context, callback) => {
  const { domainName, stage, connectionId } = event.requestContext;
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: `answer of ${path}` });
  api.send(command, (error) => callback(error, { statusCode: 200, body: "Success" }));
};
