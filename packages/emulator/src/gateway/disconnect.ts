import { type Api, finishRequest } from "./api.ts";
import type { Connection, OpenConnection } from "./connection.ts";
import { type CloseStatus, disconnectEvent } from "./events.ts";

/** The reason that API Gateway gives for a close frame without a code. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html */
const NO_CODE: CloseStatus = { code: 1005, reason: "Client-side close frame status not set" };

/**
 * Removes the connection, so that later `@connections` calls return 410 (DC-05), and runs `$disconnect` exactly once.
 */
export async function removeConnection(api: Api, connection: OpenConnection, status: CloseStatus): Promise<void> {
  if (!api.connections.delete(connection.id)) return;
  // A server closes the socket first and then calls this; a client's socket is closed already.
  const by = connection.socket.readyState === connection.socket.CLOSED ? "client" : "server";
  api.observe?.({ kind: "closed", connectionId: connection.id, ...status, by });
  await runDisconnectRoute(api, connection, status);
}

/** Runs `$disconnect` if the API has that route. The result is ignored (DC-06). */
export async function runDisconnectRoute(api: Api, connection: Connection, status: CloseStatus): Promise<void> {
  const event = disconnectEvent(api, connection, status.code === NO_CODE.code ? NO_CODE : status);
  const outcome = await api.route("$disconnect")?.integrate?.(event);
  const succeeded = !outcome || outcome.kind === "result" || outcome.kind === "empty";
  finishRequest(api, event.requestContext, { status: succeeded ? 200 : 500, integration: outcome?.integration });
  api.journal.closed(connection.id);
}

/** The close code of a lost connection. https://datatracker.ietf.org/doc/html/rfc6455#section-7.4.1 */
export const ABNORMAL_CLOSURE: CloseStatus = { code: 1006, reason: "" };

/** Runs `$disconnect` for the connections that were open when an earlier process was killed. */
export async function disconnectStale(api: Api): Promise<void> {
  const runs = api.journal.stale.map((connection) =>
    api.contain("run $disconnect", () => runDisconnectRoute(api, connection, ABNORMAL_CLOSURE)),
  );
  await Promise.all(runs);
}

/** Closes a connection from the server's side. */
export async function closeConnection(api: Api, connectionId: string, status: CloseStatus): Promise<void> {
  const connection = api.connections.get(connectionId);
  if (!connection) return;
  connection.socket.close(status.code, status.reason);
  await removeConnection(api, connection, status);
}
