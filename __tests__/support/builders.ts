import type { Connection } from "../../chat/connection.ts";
import type { RouteEvent } from "../../handlers/lambda.ts";

let connections = 0;

/** A moment in the middle of 2026. */
export const NOON = Date.UTC(2026, 6, 1, 12);

/** A connection that has been open for an hour at noon, with an id of its own. */
export function aConnection(own: Partial<Connection> = {}): Connection {
  connections += 1;
  return { id: `${String(connections).padStart(15, "A")}=`, connectedAt: NOON - 3_600_000, ...own };
}

/** What API Gateway would hand to the function of a route. */
export const anEvent = ({
  body,
  ...context
}: Partial<RouteEvent["requestContext"]> & { body?: string } = {}): RouteEvent => {
  const { id: connectionId, connectedAt } = aConnection();
  return {
    requestContext: { routeKey: "sendmessage", requestId: "AAAAAAAAAAAAAAA=", connectionId, connectedAt, ...context },
    ...(body !== undefined && { body }),
  };
};
