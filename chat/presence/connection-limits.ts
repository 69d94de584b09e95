import { type Connected, type Connection, isAuthenticated, mayBeOpening } from "../connection.ts";
import type { Addresses, Now, Probe, Users } from "../ports.ts";
import { type ForgetPorts, forgetAll } from "./forget.ts";

/** Connections that a handshake at a limit probes. It waits for them, so they are few. */
const PROBES_MAX = 10;

export interface CrowdingPorts extends ForgetPorts {
  readonly users: Pick<Users, "connectionsOf" | "remove">;
  readonly addresses: Pick<Addresses, "connectionsFrom" | "remove">;
  readonly probe: Probe;
  readonly now: Now;
  readonly connectionsPerUserMax: number | "unlimited";
  readonly connectionsPerAddressMax: number | "unlimited";
}

/** Whether a limit is exceeded, and the connections that turned out to be gone, of which nobody was notified yet. */
export interface Crowding {
  readonly limit?: "user" | "address" | undefined;
  readonly departed: readonly Connected[];
}

/**
 * Whether a connection that is stored exceeds a limit. It counts itself: of several that come at once, each sees all that
 * were stored before it looked, so the limit holds.
 */
export async function crowded(ports: CrowdingPorts, connected: Connected): Promise<Crowding> {
  const { id, user, address } = connected;
  const departed: Connected[] = [];
  const isFull = async (counted: readonly Connection[], max: number, remove: Remove): Promise<boolean> => {
    if (counted.length <= max) return false;
    const gone = await probeOldest(
      ports,
      counted.filter((each) => each.id !== id),
    );
    departed.push(...(await forgetAll(ports, gone)));
    // The table may not have the connection any more, and then not say what it counted for.
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

/** The ids of those that are gone. A connection whose handshake may be pending is not probed: it looks as if it were gone. */
async function probeOldest({ probe, now }: CrowdingPorts, counted: readonly Connection[]): Promise<string[]> {
  const oldest = counted
    .filter((each) => !mayBeOpening(each, now()))
    .sort((one, other) => one.connectedAt - other.connectedAt)
    .slice(0, PROBES_MAX);
  const outcomes = await Promise.all(oldest.map(({ id }) => probe(id)));
  return oldest.filter((_, index) => outcomes[index] === "gone").map(({ id }) => id);
}
