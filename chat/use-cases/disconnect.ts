import { type FarewellFacts, type FarewellPorts, sendAllFarewells } from "../presence/farewell.ts";
import { removeConnection } from "../presence/remove-connections.ts";

/** Removes everything that is stored about a connection, and notifies its channels. Returns facts for the log. */
export async function disconnect(ports: FarewellPorts, connectionId: string): Promise<FarewellFacts> {
  const connected = await removeConnection(ports, connectionId);
  return connected ? sendAllFarewells(ports, [connected]) : {};
}
