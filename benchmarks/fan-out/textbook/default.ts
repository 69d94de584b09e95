import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import type { TextbookEvent } from "./event.ts";

const management = new ApiGatewayManagementApiClient({});

/** Echoes what has no route, by a post to its sender. */
export const handler = async ({ requestContext: { connectionId }, body = "" }: TextbookEvent) => {
  await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: body }));
  return { statusCode: 200 };
};
