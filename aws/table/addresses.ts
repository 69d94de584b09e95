import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Connection, ttlSeconds } from "../../chat/connection.ts";
import type { Now } from "../../chat/ports.ts";
import type { Addresses } from "../../chat/user-ports.ts";
import { addressKey, connectionIdOf } from "./keys.ts";
import { liveFilter, queryPages, type Table } from "./table.ts";

/** The connections from each address, one item each. The TTL of an item is the longest lifetime of a connection. */
export const addresses = (table: Table, now: Now): Addresses => ({
  async add(address, connection) {
    await table.send("PutItem", { TableName: table.name, Item: addressItem(address, connection) });
  },

  async connectionsFrom(address) {
    const live = liveFilter(now);
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ...live,
      ExpressionAttributeValues: {
        ...live.ExpressionAttributeValues,
        ...marshall({ ":pk": addressKey(address, "").pk }),
      },
      ConsistentRead: true,
    };
    const found: Connection[] = [];
    for await (const { Items = [] } of queryPages(table, query)) {
      found.push(...Items.map((item) => connectionOf(unmarshall(item))));
    }
    return found;
  },

  async remove(address, connectionId) {
    const Key = marshall(addressKey(address, connectionId));
    await table.send("DeleteItem", { TableName: table.name, Key });
  },
});

export function addressItem(address: string, { id, connectedAt }: Connection) {
  return marshall({ ...addressKey(address, id), connectedAt, ttl: ttlSeconds({ id, connectedAt }) });
}

/** An item without a time was written by an earlier version: its connection counts as one of the oldest. */
const connectionOf = ({ sk, connectedAt = 0 }: Record<string, unknown>): Connection => ({
  id: connectionIdOf({ sk: String(sk) }),
  connectedAt: Number(connectedAt),
});
