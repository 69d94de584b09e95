import type { Connected } from "./connection.ts";
import type { Connections, Members, Names } from "./ports.ts";
import { isGuest } from "./user.ts";

export interface ForgetPorts {
  readonly connections: Pick<Connections, "remove">;
  readonly members: Pick<Members, "remove">;
  readonly names: Pick<Names, "release">;
}

/**
 * Removes a connection, all its memberships and its claim to a name. Gives what was stored about it: nothing when it was
 * not there, for whoever asks second.
 */
export async function forget(
  { connections, members, names }: ForgetPorts,
  connectionId: string,
): Promise<Connected | undefined> {
  const connected = await connections.remove(connectionId);
  if (!connected) return undefined;
  const { user, memberships } = connected;
  await Promise.all([
    ...memberships.map((shard) => members.remove(shard, connectionId)),
    ...(isGuest(user) ? [] : [names.release(user, connectionId)]),
  ]);
  return connected;
}
