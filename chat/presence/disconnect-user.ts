import { mayBeOpening } from "../connection.ts";
import type { Connections, Users } from "../ports.ts";
import { hangUp } from "./close-connections.ts";
import { type FarewellFacts, type FarewellPorts, sayEveryFarewell } from "./farewell.ts";
import { forgetAll } from "./forget.ts";
import { type Notice, notify } from "./notify-user.ts";

/** How long a handshake that is about to be answered gets to open its connection, which can then be closed. */
const OPENING_MILLISECONDS = 1_000;

export interface DisconnectUserPorts extends FarewellPorts {
  readonly connections: Pick<Connections, "get" | "glance" | "remove">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
}

export interface Disconnected extends FarewellFacts {
  /** How many connections the user had. */
  readonly closed: number;
}

/**
 * Notifies a user, then closes and removes all of the user's connections. Returns their number, and facts for the log.
 *
 * Connections are closed first: API Gateway then calls `$disconnect`, which cleans up if this function dies. They are
 * removed here in any case, closed or not: the acknowledgement promises that the user receives nothing more.
 */
export async function disconnectUser(ports: DisconnectUserPorts, user: string, notice: Notice): Promise<Disconnected> {
  const connections = await ports.users.connectionsOf(user);
  if (connections.length === 0) return { closed: 0 };
  await notify(ports, connections, notice);
  const ids = connections.map(({ id }) => id);
  const opening = connections.filter((each) => mayBeOpening(each, ports.now())).map(({ id }) => id);
  let farewells: FarewellFacts = {};
  try {
    await hangUp(ports, ids);
  } finally {
    const departed = await forgetAll(ports, ids);
    await closeOpened(ports, opening);
    farewells = await sayEveryFarewell(ports, departed);
  }
  return { closed: ids.length, ...farewells };
}

/** Until its handshake is answered, closing a connection has no effect: API Gateway answers 410, as if it were gone. */
async function closeOpened(ports: DisconnectUserPorts, opening: readonly string[]): Promise<void> {
  if (opening.length === 0) return;
  await ports.pause(OPENING_MILLISECONDS);
  await hangUp(ports, opening);
}
