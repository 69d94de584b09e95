import { type Connected, isAuthenticated } from "../connection.ts";
import { sideBySide } from "../fan-out/side-by-side.ts";
import type { Addresses, Connections, Count, Members, Names, Users } from "../ports.ts";
import { isGuest } from "../user.ts";

/** Connections that are removed at once. */
const REMOVALS_AT_ONCE = 16;

export interface ForgetPorts {
  readonly connections: Pick<Connections, "glance" | "remove">;
  readonly members: Pick<Members, "remove">;
  readonly names: Pick<Names, "release">;
  readonly users: Pick<Users, "remove">;
  readonly addresses: Pick<Addresses, "remove">;
  /** Addresses are counted only if they have a limit. */
  readonly connectionsPerAddressMax: number | "unlimited";
  readonly count: Count;
}

/**
 * Removes a connection, all its memberships and its claims to a user and an address. Gives what was stored about it:
 * nothing when it was not there, or when another caller removed it first.
 *
 * The connection comes after its members: it lists them, so a removal that breaks off can be done again. The item of an
 * authenticated user comes last: `kick` finds the connections of a user by it, and must find this one until it is gone.
 */
export async function forget(ports: ForgetPorts, connectionId: string): Promise<Connected | undefined> {
  const seen = await ports.connections.glance(connectionId);
  if (seen) await removeTraces(ports, seen);
  const removed = await ports.connections.remove(connectionId, seen);
  if (!removed) return undefined;
  ports.count("ConnectionsClosed");
  // The first read may be a moment old: a `join` or a `name` of the connection may have come in between.
  await removeTraces(ports, removed, seen);
  if (isAuthenticated(removed)) await ports.users.remove(removed.user, connectionId);
  return removed;
}

/** Members last: a function that finds a remaining member finds the connection through it, and removes the rest. */
async function removeTraces(ports: ForgetPorts, connected: Connected, done?: Connected): Promise<void> {
  const { id, user, address, memberships, joins } = connected;
  const hasName = !isAuthenticated(connected) && !isGuest(user) && user !== done?.user;
  const isCounted = address !== undefined && ports.connectionsPerAddressMax !== "unlimited" && !done;
  await Promise.all([hasName && ports.names.release(user, id), isCounted && ports.addresses.remove(address, id)]);
  if (done && done.joins === joins) return;
  await Promise.all(memberships.map((shard) => ports.members.remove(shard, id)));
}

/** Removes many connections, and gives those that nobody had removed before. */
export async function forgetAll(ports: ForgetPorts, connectionIds: readonly string[]): Promise<Connected[]> {
  const forgotten: Connected[] = [];
  const forgetOne = async (id: string): Promise<void> => {
    const connected = await forget(ports, id);
    if (connected) forgotten.push(connected);
  };
  await sideBySide(connectionIds, forgetOne, () => REMOVALS_AT_ONCE);
  return forgotten;
}
