import type { Connected } from "./connection.ts";
import type { Connections, Count, Members, Names } from "./ports.ts";
import { sideBySide } from "./side-by-side.ts";
import { isGuest } from "./user.ts";

/** Connections that are removed at once. */
const REMOVALS_AT_ONCE = 16;

export interface ForgetPorts {
  readonly connections: Pick<Connections, "remove">;
  readonly members: Pick<Members, "remove">;
  readonly names: Pick<Names, "release">;
  readonly count: Count;
}

/**
 * Removes a connection, all its memberships and its claim to a name. Gives what was stored about it: nothing when it was
 * not there, for whoever asks second.
 */
export async function forget(
  { connections, members, names, count }: ForgetPorts,
  connectionId: string,
): Promise<Connected | undefined> {
  const connected = await connections.remove(connectionId);
  if (!connected) return undefined;
  count("ConnectionsClosed");
  const { user, memberships } = connected;
  await Promise.all([
    ...memberships.map((shard) => members.remove(shard, connectionId)),
    ...(isGuest(user) ? [] : [names.release(user, connectionId)]),
  ]);
  return connected;
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
