import { type Connected, isAuthenticated } from "./connection.ts";
import type { Addresses, Users } from "./ports.ts";

export interface CrowdingPorts {
  readonly users: Pick<Users, "connectionsOf">;
  readonly addresses: Pick<Addresses, "count">;
  /** Undefined: as many as they like. */
  readonly connectionsPerUserMax: () => number | undefined;
  readonly connectionsPerAddressMax: () => number | undefined;
}

/**
 * Whether a connection that is stored is one too many, and for whom. It counts itself: of those that come at once, each
 * sees all that were stored before it looked, so there are never more than may be.
 */
export async function crowded(ports: CrowdingPorts, connected: Connected): Promise<"user" | "address" | undefined> {
  const perUser = isAuthenticated(connected) ? ports.connectionsPerUserMax() : undefined;
  if (perUser !== undefined && (await ports.users.connectionsOf(connected.user)).length > perUser) return "user";
  const perAddress = ports.connectionsPerAddressMax();
  if (perAddress === undefined || connected.address === undefined) return undefined;
  return (await ports.addresses.count(connected.address)) > perAddress ? "address" : undefined;
}
