import { type FarewellFacts, type FarewellPorts, sayEveryFarewell } from "../presence/farewell.ts";
import { forget } from "../presence/forget.ts";

/** Removes everything that is stored about a connection, and notifies its channels. Returns facts for the log. */
export async function disconnect(ports: FarewellPorts, connectionId: string): Promise<FarewellFacts> {
  const connected = await forget(ports, connectionId);
  return connected ? sayEveryFarewell(ports, [connected]) : {};
}
