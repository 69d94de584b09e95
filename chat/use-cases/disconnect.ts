import { announceAllDepartures, type DepartureFacts, type DeparturePorts } from "../presence/departures.ts";
import { removeConnection } from "../presence/remove-connections.ts";

/** Removes everything that is stored about a connection, and notifies its channels. Returns facts for the log. */
export async function disconnect(ports: DeparturePorts, connectionId: string): Promise<DepartureFacts> {
  const connected = await removeConnection(ports, connectionId);
  return connected ? announceAllDepartures(ports, [connected]) : {};
}
