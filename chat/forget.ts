import type { Connections, Members } from "./ports.ts";

/** Removes a connection and all its memberships. Harmless when there is nothing to remove. */
export async function forget(
  { connections, members }: { connections: Pick<Connections, "remove">; members: Pick<Members, "remove"> },
  connectionId: string,
): Promise<void> {
  const memberships = await connections.remove(connectionId);
  await Promise.all(memberships.map((shard) => members.remove(shard, connectionId)));
}
