import type { Shard } from "../../chat/channel.ts";
import { type Connection, ttlSeconds } from "../../chat/connection.ts";
import type { Connections, Members, Now } from "../../chat/ports.ts";

/** Connections and members kept in memory, with the behaviour that the table's adapters have. */
export function memoryStore(now: Now): { connections: Connections; members: Members; size: () => number } {
  const byId = new Map<string, readonly Shard[]>();
  const byShard = new Map<string, Map<string, Connection>>();
  const shardOf = ({ channel, shard }: Shard): Map<string, Connection> => {
    const key = `${channel}#${shard}`;
    const members = byShard.get(key) ?? new Map();
    byShard.set(key, members);
    return members;
  };
  const exists = (connection: Connection): boolean => ttlSeconds(connection) > Math.floor(now() / 1000);

  return {
    connections: {
      add: async ({ id }, memberships) => void byId.set(id, memberships),
      remove: async (id) => {
        const memberships = byId.get(id) ?? [];
        byId.delete(id);
        return memberships;
      },
    },
    members: {
      add: async (shard, connection) => void shardOf(shard).set(connection.id, connection),
      remove: async (shard, id) => void shardOf(shard).delete(id),
      async *pages(shard) {
        yield [...shardOf(shard).values()].filter(exists);
      },
    },
    size: () => byId.size + [...byShard.values()].reduce((sum, members) => sum + members.size, 0),
  };
}

/** Everybody in a shard, whatever the pages. */
export async function everybody(members: Pick<Members, "pages">, shard: Shard): Promise<Connection[]> {
  const all: Connection[] = [];
  for await (const page of members.pages(shard)) all.push(...page);
  return all;
}
