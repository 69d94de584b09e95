import { DeleteItemCommand, PutItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Member, ttlSeconds } from "../../chat/connection.ts";
import type { Members, Now } from "../../chat/ports.ts";
import { CONNECTION, connectionIdOf, memberKey, membersPartition } from "./keys.ts";
import { type Table, thereAt, unlessRefused } from "./table.ts";

/** Members as items beside each other, a partition per shard, each carrying what a push needs. */
export const members = (table: Table, now: Now): Members => ({
  async add(shard, { id, connectedAt, user, protocol }) {
    const item = { ...memberKey(shard, id), connectedAt, user, protocol, ttl: ttlSeconds({ id, connectedAt }) };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item) }));
  },

  async rename(shard, { id, user }) {
    const command = new UpdateItemCommand({
      TableName: table.name,
      Key: marshall(memberKey(shard, id)),
      UpdateExpression: "SET #user = :user",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeNames: { "#user": "user" },
      ExpressionAttributeValues: marshall({ ":user": user }),
    });
    await unlessRefused(table.client.send(command));
  },

  async remove(shard, connectionId) {
    const Key = marshall(memberKey(shard, connectionId));
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
  },

  async *pages(shard, { after, limit } = {}) {
    const there = thereAt(now);
    const query = {
      TableName: table.name,
      // The channel's own item lies in the partition of its first shard.
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :member)",
      ...there,
      ExpressionAttributeValues: {
        ...there.ExpressionAttributeValues,
        ...marshall({ ":pk": membersPartition(shard), ":member": CONNECTION }),
      },
      ...(after !== undefined && { ExclusiveStartKey: marshall(memberKey(shard, after)) }),
      ...(limit !== undefined && { Limit: limit }),
    };
    for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
      yield Items.map((attributes): Member => {
        const { sk, connectedAt, user, protocol } = unmarshall(attributes);
        return { id: connectionIdOf({ sk }), connectedAt, user, protocol };
      });
    }
  },
});
