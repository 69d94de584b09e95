import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { Push } from "../chat/ports.ts";

/** A push through the management API. */
export const pushWith =
  (client: ApiGatewayManagementApiClient): Push =>
  async (connectionId, frame) => {
    try {
      await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
      return "delivered";
    } catch (fault) {
      if (fault instanceof GoneException) return "gone";
      throw fault;
    }
  };

/** The function's own push. The SDK finds the stage's address in AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI. */
export const push: Push = pushWith(new ApiGatewayManagementApiClient());
