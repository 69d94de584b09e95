import { DeleteItemCommand, PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { ttlSeconds } from "../../chat/connection.ts";
import type { Members, Now } from "../../chat/ports.ts";
import { connectionIdOf, memberKey, membersPartition } from "./keys.ts";
import type { Table } from "./table.ts";

/** Members as items beside each other, a partition per shard, each carrying what a push needs. */
export const members = (table: Table, now: Now): Members => ({
  async add(shard, connection) {
    const item = {
      ...memberKey(shard, connection.id),
      connectedAt: connection.connectedAt,
      ttl: ttlSeconds(connection),
    };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item) }));
  },

  async remove(shard, connectionId) {
    const Key = marshall(memberKey(shard, connectionId));
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
  },

  async *pages(shard) {
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      // TTL deletes when it finds the time, days later at worst: an item past it does not exist.
      FilterExpression: "#ttl > :now",
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ExpressionAttributeValues: marshall({ ":pk": membersPartition(shard), ":now": Math.floor(now() / 1000) }),
    };
    for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
      yield Items.map((attributes) => {
        const item = unmarshall(attributes);
        return { id: connectionIdOf({ sk: item.sk }), connectedAt: item.connectedAt };
      });
    }
  },
});
