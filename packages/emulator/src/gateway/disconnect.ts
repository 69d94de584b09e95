import type { Api } from "./api.ts";
import type { Connection } from "./connection.ts";
import { type CloseStatus, disconnectEvent } from "./events.ts";

/** The reason that API Gateway gives for a close frame without a code. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html */
const NO_CODE: CloseStatus = { code: 1005, reason: "Client-side close frame status not set" };

/**
 * Removes the connection, so that later `@connections` calls return 410 (DC-05), and runs `$disconnect` exactly once.
 */
export async function removeConnection(api: Api, connection: Connection, status: CloseStatus): Promise<void> {
  if (!api.connections.delete(connection.id)) return;
  await runDisconnectRoute(api, connection, status);
}

/** Runs `$disconnect` if the API has that route. The result is ignored (DC-06). */
export async function runDisconnectRoute(api: Api, connection: Connection, status: CloseStatus): Promise<void> {
  const event = disconnectEvent(api, connection, status.code === NO_CODE.code ? NO_CODE : status);
  const outcome = await api.route("$disconnect")?.integrate?.(event);
  const succeeded = !outcome || outcome.kind === "result" || outcome.kind === "empty";
  api.logAccess(event.requestContext, { status: succeeded ? 200 : 500, integration: outcome?.integration });
}

/** Closes a connection from the server's side. */
export async function closeConnection(api: Api, connectionId: string, status: CloseStatus): Promise<void> {
  const connection = api.connections.get(connectionId);
  if (!connection) return;
  connection.socket.close(status.code, status.reason);
  await removeConnection(api, connection, status);
}
