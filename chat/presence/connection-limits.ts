import { type Connected, type Connection, isAuthenticated, mayBeOpening } from "../connection.ts";
import type { Now, Probe } from "../ports.ts";
import type { Addresses, Users } from "../user-ports.ts";
import { type RemovePorts, removeConnections } from "./remove-connections.ts";

/** The maximum number of connections that `$connect` probes when a limit is exceeded. The client waits for the probes. */
const PROBES_MAX = 10;

export interface LimitPorts extends RemovePorts {
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly addresses: Pick<Addresses, "connectionsFrom" | "remove">;
  readonly probe: Probe;
  readonly now: Now;
  readonly connectionsPerUserMax: number | "unlimited";
  readonly connectionsPerAddressMax: number | "unlimited";
}

/** The limit that is exceeded, and the connections that turned out to be gone. Their channels are not notified yet. */
export interface LimitCheck {
  readonly limit?: "user" | "address" | undefined;
  readonly departed: readonly Connected[];
}

/**
 * Checks whether a connection exceeds a limit. Run after the connection is stored. The count includes it, so concurrent
 * handshakes cannot exceed the limit together.
 */
export async function checkLimits(ports: LimitPorts, connected: Connected): Promise<LimitCheck> {
  const { id, user, address } = connected;
  const departed: Connected[] = [];
  const isFull = async (counted: readonly Connection[], max: number, remove: Remove): Promise<boolean> => {
    if (counted.length <= max) return false;
    const gone = await probeOldest(
      ports,
      counted.filter((each) => each.id !== id),
    );
    departed.push(...(await removeConnections(ports, gone)));
    // If the connection is no longer stored, its user and address are unknown: its item under the user or address is removed
    // here.
    await Promise.all(gone.map(remove));
    return counted.length - gone.length > max;
  };
  const perUser = isAuthenticated(connected) ? ports.connectionsPerUserMax : "unlimited";
  if (perUser !== "unlimited") {
    const remove: Remove = (each) => ports.users.remove(user, each);
    if (await isFull(await ports.users.connectionsOf(user), perUser, remove)) return { limit: "user", departed };
  }
  const perAddress = ports.connectionsPerAddressMax;
  if (perAddress !== "unlimited" && address !== undefined) {
    const remove: Remove = (each) => ports.addresses.remove(address, each);
    const counted = await ports.addresses.connectionsFrom(address);
    if (await isFull(counted, perAddress, remove)) return { limit: "address", departed };
  }
  return { departed };
}

type Remove = (connectionId: string) => Promise<void>;

/** Returns the ids of those that are gone. A connection with a pending handshake looks gone, so it is not probed. */
async function probeOldest({ probe, now }: LimitPorts, counted: readonly Connection[]): Promise<string[]> {
  const oldest = counted
    .filter((each) => !mayBeOpening(each, now()))
    .sort((one, other) => one.connectedAt - other.connectedAt)
    .slice(0, PROBES_MAX);
  const outcomes = await Promise.all(oldest.map(({ id }) => probe(id)));
  return oldest.filter((_, index) => outcomes[index] === "gone").map(({ id }) => id);
}
