import { ulid } from "ulid";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import type { Connected } from "../../chat/connection.ts";
import type { Message } from "../../chat/message.ts";
import type { LambdaContext, RouteEvent } from "../../handlers/runtime/lambda.ts";

let connections = 0;

/** A moment in the middle of 2026. */
export const NOON = Date.UTC(2026, 6, 1, 12);

/** A guest in the lobby, with a unique id and name, who connected an hour before noon. */
export function aConnection(own: Partial<Connected> = {}): Connected {
  connections += 1;
  return {
    id: `${String(connections).padStart(15, "0")}=`,
    connectedAt: NOON - 3_600_000,
    user: `guest-${String(connections).padStart(6, "a")}`,
    protocol: "plain",
    memberships: [LOBBY_SHARD],
    ...own,
  };
}

/** A message in the lobby at noon. */
export const aMessage = (own: Partial<Message> = {}): Message => ({
  id: ulid(NOON),
  channel: LOBBY_SHARD.channel,
  from: "anna",
  data: "hi",
  ...own,
});

/** The caller of an environment without authentication. */
export const NOBODY = { authorizer: {}, identity: {} };

/** The context of an invocation with a timeout of 30 seconds. */
export const aContext = (): LambdaContext => ({
  awsRequestId: "00000000-0000-4000-8000-000000000000",
  getRemainingTimeInMillis: () => 30_000,
});

/** The event that API Gateway sends to the function of a route. */
export const anEvent = ({
  body,
  headers,
  ...context
}: Partial<RouteEvent["requestContext"]> & { body?: string; headers?: Record<string, string> } = {}): RouteEvent => {
  const { id: connectionId, connectedAt } = aConnection();
  return {
    requestContext: {
      ...{ routeKey: "sendmessage", requestId: "AAAAAAAAAAAAAAA=", requestTimeEpoch: NOON, connectionId, connectedAt },
      ...context,
    },
    ...(headers !== undefined && { headers }),
    ...(body !== undefined && { body }),
  };
};
