import type { Shard } from "./channel.ts";
import type { Connected } from "./connection.ts";
import type { Connections } from "./ports.ts";
import { announce, type PresencePorts } from "./presence.ts";

export interface DepartPorts extends PresencePorts {
  readonly connections: Pick<Connections, "leave" | "remove">;
}

/**
 * Ends a membership, and tells the others. The member first, as `join` does: what broke off can be tried again. False
 * where somebody else has been faster, and has told them.
 */
export async function depart(ports: DepartPorts, about: Connected, shard: Shard): Promise<boolean> {
  const { channel } = shard;
  await ports.members.remove(shard, about.id);
  if (!(await ports.connections.leave(about.id, channel))) return false;
  await announce(ports, { channel, frame: { type: "left", channel, user: about.user }, about });
  return true;
}
