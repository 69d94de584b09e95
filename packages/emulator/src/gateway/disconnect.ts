import type { Api } from "./api.ts";
import type { Connection } from "./connection.ts";
import { type Closing, disconnectEvent } from "./events.ts";

/** The reason that API Gateway gives for a close frame without a code. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html */
const NO_CODE: Closing = { code: 1005, reason: "Client-side close frame status not set" };

/** Removes the connection, so that calls for it get a 410 (DC-05). `$disconnect` runs once, whichever side closed it. */
export async function disconnect(api: Api, connection: Connection, closing: Closing): Promise<void> {
  if (!api.connections.delete(connection.id)) return;
  await announceDisconnect(api, connection, closing);
}

/** Runs `$disconnect`, if the API has it. Its result is ignored (DC-06). */
export async function announceDisconnect(api: Api, connection: Connection, closing: Closing): Promise<void> {
  const told = closing.code === NO_CODE.code ? NO_CODE : closing;
  const event = disconnectEvent(api, connection, told);
  const outcome = await api.route("$disconnect")?.integrate?.(event);
  const isServed = !outcome || outcome.kind === "result" || outcome.kind === "silent";
  api.logAccess(event.requestContext, { status: isServed ? 200 : 500, integration: outcome?.integration });
}

/** Closes a connection from the server's side. */
export async function hangUp(api: Api, connectionId: string, closing: Closing): Promise<void> {
  const connection = api.connections.get(connectionId);
  if (!connection) return;
  connection.socket.close(closing.code, closing.reason);
  await disconnect(api, connection, closing);
}
