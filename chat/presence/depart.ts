import type { Shard } from "../channel.ts";
import { type Connected, membershipIn } from "../connection.ts";
import type { Connections } from "../ports.ts";
import { announce, type PresencePorts } from "./presence.ts";

export interface DepartPorts extends PresencePorts {
  readonly connections: Pick<Connections, "get" | "glance" | "leave" | "remove">;
}

/**
 * Ends a membership, and notifies the others. The membership comes last: until it is removed, a repeat does everything
 * again. False where another request removed it first, and notified them.
 *
 * A join of the same channel may overlap, and write the member again. The membership is then a later one, so this ends
 * that one as well: the member must not outlive it.
 */
export async function depart(ports: DepartPorts, about: Connected, shard: Shard): Promise<boolean> {
  const { channel } = shard;
  await ports.members.remove(shard, about.id);
  await announce(ports, { channel, frame: { type: "left", channel, user: about.user }, about });
  if (await ports.connections.leave(about.id, channel, about.joins ?? 0)) return true;
  const stored = await ports.connections.get(about.id);
  const later = stored && membershipIn(stored, channel);
  return later ? depart(ports, stored, later) : false;
}
