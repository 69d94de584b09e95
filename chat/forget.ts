import { type Connected, isAuthenticated } from "./connection.ts";
import type { Addresses, Connections, Count, Members, Names, Users } from "./ports.ts";
import { sideBySide } from "./side-by-side.ts";
import { isGuest } from "./user.ts";

/** Connections that are removed at once. */
const REMOVALS_AT_ONCE = 16;

export interface ForgetPorts {
  readonly connections: Pick<Connections, "remove">;
  readonly members: Pick<Members, "remove">;
  readonly names: Pick<Names, "release">;
  readonly users: Pick<Users, "remove">;
  readonly addresses: Pick<Addresses, "remove">;
  /** Undefined where addresses are not counted, or not any more. */
  readonly connectionsPerAddressMax: () => number | undefined;
  readonly count: Count;
}

/**
 * Removes a connection, all its memberships and its claims to a user and an address. Gives what was stored about it:
 * nothing when it was not there, for whoever asks second.
 */
export async function forget(ports: ForgetPorts, connectionId: string): Promise<Connected | undefined> {
  const connected = await ports.connections.remove(connectionId);
  if (!connected) return undefined;
  ports.count("ConnectionsClosed");
  const removals = connected.memberships.map((shard) => ports.members.remove(shard, connectionId));
  await Promise.all([...removals, releaseUser(ports, connected), releaseAddress(ports, connected)]);
  return connected;
}

async function releaseUser({ names, users }: ForgetPorts, connected: Connected): Promise<void> {
  const { id, user } = connected;
  if (isAuthenticated(connected)) return users.remove(user, id);
  if (!isGuest(user)) await names.release(user, id);
}

async function releaseAddress(ports: ForgetPorts, { id, address }: Connected): Promise<void> {
  if (address !== undefined && ports.connectionsPerAddressMax() !== undefined)
    await ports.addresses.remove(address, id);
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
