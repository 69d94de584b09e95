import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";

const clients = new Map();

const clientOf = ({ domainName, stage }) => {
  const endpoint = `https://${domainName}/${stage}`;
  if (!clients.has(endpoint)) clients.set(endpoint, new ApiGatewayManagementApiClient({ endpoint }));
  return clients.get(endpoint);
};

export const handler = async ({ requestContext, body }) => {
  const { connectionId, authorizer } = requestContext;
  const words = JSON.parse(body).text.split(" ");
  // Streams the answer word by word, as a language model does.
  for (const [index, word] of words.entries()) {
    const Data = JSON.stringify({ to: authorizer.name, index, word });
    await clientOf(requestContext).send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
  }
  return { statusCode: 200 };
};
