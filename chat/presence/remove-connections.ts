import { type Connected, channelsLeftBy, isAuthenticated, memberEvent } from "../connection.ts";
import { forEachConcurrently } from "../fan-out/concurrency.ts";
import type { Connections, Count, Emit, Members } from "../ports.ts";
import { isGuest } from "../user.ts";
import type { Addresses, Names, Users } from "../user-ports.ts";

/** Connections that are removed at the same time. */
const REMOVALS_AT_ONCE = 16;

export interface RemovePorts {
  readonly connections: Pick<Connections, "getEventually" | "remove">;
  readonly members: Pick<Members, "remove">;
  readonly names: Pick<Names, "release">;
  readonly users: Pick<Users, "remove">;
  readonly addresses: Pick<Addresses, "remove">;
  /** Addresses are counted only if they have a limit. */
  readonly connectionsPerAddressMax: number | "unlimited";
  readonly count: Count;
  readonly emit: Emit;
}

/**
 * Removes a connection, its memberships, and its items for a name, a user and an address. Returns what was stored about
 * it, or undefined if it was not stored or another caller removed it first.
 *
 * The connection is removed after its members: it lists them, so a removal that fails halfway can be repeated. The item of an
 * authenticated user is removed last: `kick` finds the connections of a user by it, and must find this one until then.
 */
export async function removeConnection(ports: RemovePorts, connectionId: string): Promise<Connected | undefined> {
  const seen = await ports.connections.getEventually(connectionId);
  if (seen) await removeReferences(ports, seen);
  const removed = await ports.connections.remove(connectionId, seen);
  if (!removed) return undefined;
  ports.count("ConnectionsClosed");
  for (const channel of channelsLeftBy(removed)) ports.emit(memberEvent("member left", channel, removed));
  // The first read is eventually consistent: it may not include a `join` or a `name` from shortly before.
  await removeReferences(ports, removed, seen);
  if (isAuthenticated(removed)) await ports.users.remove(removed.user, connectionId);
  return removed;
}

/**
 * Removes the name, the address and the members of a connection, except those that were removed for an earlier state of it.
 * Members last: a function that finds a remaining member finds the connection through it, and removes the rest.
 */
async function removeReferences(ports: RemovePorts, connected: Connected, earlier?: Connected): Promise<void> {
  const { id, user, address, memberships, joins } = connected;
  const hasName = !isAuthenticated(connected) && !isGuest(user) && user !== earlier?.user;
  const isCounted = address !== undefined && ports.connectionsPerAddressMax !== "unlimited" && !earlier;
  await Promise.all([hasName && ports.names.release(user, id), isCounted && ports.addresses.remove(address, id)]);
  if (earlier && earlier.joins === joins) return;
  await Promise.all(memberships.map((shard) => ports.members.remove(shard, id)));
}

/** Removes connections. Returns those that this call removed. */
export async function removeConnections(ports: RemovePorts, connectionIds: readonly string[]): Promise<Connected[]> {
  const removed: Connected[] = [];
  const removeOne = async (id: string): Promise<void> => {
    const connected = await removeConnection(ports, id);
    if (connected) removed.push(connected);
  };
  await forEachConcurrently(connectionIds, removeOne, () => REMOVALS_AT_ONCE);
  return removed;
}
