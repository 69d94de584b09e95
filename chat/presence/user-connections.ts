import { mayBeOpening, type Recipient } from "../connection.ts";
import { forEachConcurrently } from "../fan-out/concurrency.ts";
import { backOffMilliseconds, type DeliveryPorts, faultsIn, startDelivery } from "../fan-out/delivery.ts";
import type { Connections } from "../ports.ts";
import type { ServerFrame } from "../protocol/client-frames.ts";
import { formsOf } from "../protocol/frames.ts";
import type { Users } from "../user-ports.ts";
import { announceAllDepartures, type DepartureFacts, type DeparturePorts } from "./departures.ts";
import { removeConnections } from "./remove-connections.ts";

/** A notice reports what has already happened, so the acknowledgement waits for it only briefly. */
const NOTICE_MILLISECONDS = 1_000;

export interface Notice {
  readonly frame: ServerFrame;
  /** When Lambda ends the function, in epoch milliseconds. */
  readonly deadline: number;
}

export interface NotifyUserPorts extends DeliveryPorts {
  readonly users: Pick<Users, "connectionsOf">;
}

/** For the log: why some connections were not notified. */
export type Notified = { readonly unnotified?: string };

/** Pushes a notice to some connections. Best effort: never rejects. */
export async function notify(
  ports: DeliveryPorts,
  recipients: readonly Recipient[],
  { frame, deadline }: Notice,
): Promise<Notified> {
  const delivery = startDelivery(ports, {
    forms: formsOf(frame),
    deadline: Math.min(deadline, ports.now() + NOTICE_MILLISECONDS),
  });
  const { undelivered } = await delivery.push(recipients);
  await delivery.retry(undelivered);
  return delivery.tally.failed > 0 ? { unnotified: faultsIn(delivery.tally) } : {};
}

/**
 * Notifies a user of an action that has taken effect, on each connection that `concerns` accepts. Best effort: a repeat of
 * the action would notify again, so a notice that fails must not fail the action.
 */
export async function notifyUser(
  ports: NotifyUserPorts,
  { user, concerns = async () => true }: { user: string; concerns?: (connectionId: string) => Promise<boolean> },
  notice: Notice,
): Promise<Notified> {
  try {
    const recipients: Recipient[] = [];
    for (const each of await ports.users.connectionsOf(user)) if (await concerns(each.id)) recipients.push(each);
    return await notify(ports, recipients, notice);
  } catch (fault) {
    return { unnotified: String(fault) };
  }
}

const CLOSE_ATTEMPTS_MAX = 4;

const CLOSES_AT_ONCE = 16;

/** How long a handshake that is about to be answered gets to open its connection, which can then be closed. */
const OPENING_MILLISECONDS = 1_000;

export interface DisconnectUserPorts extends DeparturePorts {
  readonly connections: Pick<Connections, "get" | "getEventually" | "remove">;
  readonly users: Pick<Users, "connectionsOf" | "remove">;
}

export interface Disconnected extends DepartureFacts {
  /** How many connections the user had. */
  readonly closed: number;
}

/**
 * Notifies a user, then closes and removes all of the user's connections. Returns their number, and facts for the log.
 *
 * Connections are closed first: API Gateway then calls `$disconnect`, which cleans up if this invocation ends early. They are
 * removed here in any case, closed or not: the acknowledgement promises that the user receives nothing more.
 */
export async function disconnectUser(ports: DisconnectUserPorts, user: string, notice: Notice): Promise<Disconnected> {
  const connections = await ports.users.connectionsOf(user);
  if (connections.length === 0) return { closed: 0 };
  await notify(ports, connections, notice);
  const ids = connections.map(({ id }) => id);
  const opening = connections.filter((each) => mayBeOpening(each, ports.now())).map(({ id }) => id);
  let departures: DepartureFacts = {};
  try {
    await closeConnections(ports, ids);
  } finally {
    const departed = await removeConnections(ports, ids);
    await closeOpened(ports, opening);
    departures = await announceAllDepartures(ports, departed);
  }
  return { closed: ids.length, ...departures };
}

/** Until its handshake is answered, closing a connection has no effect: API Gateway answers 410, as if it were gone. */
async function closeOpened(ports: DisconnectUserPorts, opening: readonly string[]): Promise<void> {
  if (opening.length === 0) return;
  await ports.pause(OPENING_MILLISECONDS);
  await closeConnections(ports, opening);
}

/** Throws if a connection is still open after several attempts. */
const closeConnections = (ports: DisconnectUserPorts, connectionIds: readonly string[]): Promise<void> =>
  forEachConcurrently(
    connectionIds,
    (id) => closeConnection(ports, id),
    () => CLOSES_AT_ONCE,
  );

async function closeConnection({ close, pause, random }: DisconnectUserPorts, id: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await close(id);
    if (outcome === "gone") return;
    if (attempt === CLOSE_ATTEMPTS_MAX - 1)
      throw new Error(`A connection could not be closed: ${JSON.stringify(outcome)}`);
    await pause(backOffMilliseconds(attempt, random()));
  }
}
