import type { Connected } from "../connection.ts";
import type { Connections, Members } from "../ports.ts";

export interface RenamePorts {
  readonly connections: Pick<Connections, "get">;
  readonly members: Pick<Members, "rename">;
}

/**
 * Gives the members of a connection its user's new name. When two `name` frames overlap, the last to write here may not
 * be the last that wrote the connection. So each reads the connection afterwards, and writes the name it finds there.
 * Returns that name.
 */
export async function renameMembers(ports: RenamePorts, { id, user, memberships }: Connected): Promise<string> {
  await Promise.all(memberships.map((shard) => ports.members.rename(shard, { id, user })));
  const stored = await ports.connections.get(id);
  return stored && stored.user !== user ? renameMembers(ports, stored) : user;
}
