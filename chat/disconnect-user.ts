import { mayBeOpening } from "./connection.ts";
import { forgetAll } from "./forget.ts";
import { hangUp } from "./hang-up.ts";
import { type Notice, notify } from "./notify-user.ts";
import type { Connections, Users } from "./ports.ts";
import { type PresencePorts, sayFarewell } from "./presence.ts";

/** How long a handshake that is about to be answered gets to open its connection, which can then be closed. */
const OPENING_MILLISECONDS = 1_000;

export interface DisconnectUserPorts extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
}

/**
 * Notifies a user, then closes and removes all of the user's connections. Returns their number.
 *
 * Connections are closed first: API Gateway then calls `$disconnect`, which cleans up if this function dies. They are
 * removed here in any case, closed or not: the acknowledgement promises that the user receives nothing more.
 */
export async function disconnectUser(ports: DisconnectUserPorts, user: string, notice: Notice): Promise<number> {
  const connections = await ports.users.connectionsOf(user);
  if (connections.length === 0) return 0;
  await notify(ports, connections, notice);
  const ids = connections.map(({ id }) => id);
  const opening = connections.filter((each) => mayBeOpening(each, ports.now())).map(({ id }) => id);
  try {
    await hangUp(ports, ids);
  } finally {
    const departed = await forgetAll(ports, ids);
    await closeOpened(ports, opening);
    await sayFarewell(ports, departed);
  }
  return ids.length;
}

/** Until its handshake is answered, closing a connection has no effect: API Gateway answers 410, as if it were gone. */
async function closeOpened(ports: DisconnectUserPorts, opening: readonly string[]): Promise<void> {
  if (opening.length === 0) return;
  await ports.pause(OPENING_MILLISECONDS);
  await hangUp(ports, opening);
}
