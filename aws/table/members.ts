import type { QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Shard } from "../../chat/channel.ts";
import { type Member, ttlSeconds } from "../../chat/connection.ts";
import type { Members, Now, Page } from "../../chat/ports.ts";
import { growthIn } from "./channels.ts";
import { CHANNEL_ITEM, connectionIdOf, type Key, memberKey, membersPartition } from "./keys.ts";
import { ifConditionHolds, isLive, queryPages, SPARSE, secondsOf, type Table } from "./table.ts";

/** Members, one item each, in a partition per shard. An item has everything that a push needs. */
export const members = (table: Table, now: Now): Members => ({
  async add(shard, member) {
    const [Item] = memberItems([shard], member);
    await table.send("PutItem", { TableName: table.name, Item });
  },

  async rename(shard, { id, user }) {
    const input = {
      TableName: table.name,
      Key: marshall(memberKey(shard, id)),
      UpdateExpression: "SET #user = :user",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeNames: { "#user": "user" },
      ExpressionAttributeValues: marshall({ ":user": user }),
    };
    await ifConditionHolds(table.send("UpdateItem", input));
  },

  async remove(shard, connectionId) {
    const Key = marshall(memberKey(shard, connectionId));
    await table.send("DeleteItem", { TableName: table.name, Key });
  },

  async has(shard, connectionId) {
    const { pk, sk } = memberKey(shard, connectionId);
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND sk = :sk",
      ExpressionAttributeValues: marshall({ ":pk": pk, ":sk": sk }),
      ConsistentRead: true,
    };
    const { Items = [] } = await table.send("Query", query);
    return Items.some((item) => isLive(item, now));
  },

  async *pages(shard, { after, limit } = {}) {
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      // The growths of a channel count for as long as its item exists.
      FilterExpression: "#ttl > :now OR attribute_exists(shards)",
      // A message reads thousands of members, so attributes that nobody needs are not parsed.
      ProjectionExpression: "sk, connectedAt, #user, protocol, expiresAt, joinedAt, growths, shards",
      ExpressionAttributeNames: { "#ttl": "ttl", "#user": "user" },
      ExpressionAttributeValues: marshall({ ":pk": membersPartition(shard), ":now": secondsOf(now) }),
      ...(after !== undefined && { ExclusiveStartKey: marshall(memberKey(shard, after)) }),
      ...(limit !== undefined && { Limit: limit }),
      // Twice the read units. An eventually consistent read would leave out a member that has just joined, and deliver to
      // one that was just removed: docs/decisions/0049-read-members-with-strong-consistency.md has the figures.
      ConsistentRead: true,
    };
    for await (const page of queryPages(table, query)) yield pageOf(page, now);
  },
});

/** The items of a member in several channels. They differ only in the partition key, so the rest is marshalled once. */
export function memberItems(
  shards: readonly Shard[],
  { id, connectedAt, user, protocol, expiresAt, joinedAt }: Member,
) {
  const own = { connectedAt, user, protocol, expiresAt, joinedAt, ttl: ttlSeconds({ id, connectedAt }) };
  const { pk: _, ...shared } = marshall({ ...memberKey({ channel: "", shard: 0 }, id), ...own }, SPARSE);
  return shards.map((shard) => ({ pk: { S: membersPartition(shard) }, ...shared }));
}

/** The channel's own item comes before the members of its first shard. */
function pageOf({ Items = [], LastEvaluatedKey: last }: QueryCommandOutput, now: Now): Page {
  const items = Items.map((item) => unmarshall(item));
  const isMember = ({ sk }: Record<string, unknown>): boolean => sk !== CHANNEL_ITEM;
  const channel = items.find((item) => !isMember(item));
  return {
    members: items.filter(isMember).map(memberOf),
    next: last && connectionIdOf(unmarshall(last) as Key),
    growth: channel && growthIn(channel, now),
  };
}

/** The member in an item, without the keys and the TTL. */
export function memberOf({ pk, sk, ttl, ...own }: Record<string, unknown>): Member {
  return { ...(own as Omit<Member, "id">), id: connectionIdOf({ sk: String(sk) }) };
}
