import type { Connected } from "./connection.ts";
import type { Connections, Members } from "./ports.ts";

export interface RenamePorts {
  readonly connections: Pick<Connections, "get">;
  readonly members: Pick<Members, "rename">;
}

/**
 * Gives the members of a connection its user's new name. Of two renamings at once the last to write here may not be the
 * last that wrote the connection: who has written looks what the connection says, and writes that.
 */
export async function renameMembers(ports: RenamePorts, { id, user, memberships }: Connected): Promise<void> {
  await Promise.all(memberships.map((shard) => ports.members.rename(shard, { id, user })));
  const stored = await ports.connections.get(id);
  if (stored && stored.user !== user) await renameMembers(ports, stored);
}
