import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import type { TextbookEvent } from "./send-message.ts";

const management = new ApiGatewayManagementApiClient({});

/** Echoes a frame without a route, by a push to its sender. */
export const handler = async ({ requestContext: { connectionId }, body = "" }: TextbookEvent) => {
  await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: body }));
  return { statusCode: 200 };
};
