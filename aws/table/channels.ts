import { GetItemCommand, PutItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { channelTtlSeconds, isAgeing, isPrivate, LOBBY } from "../../chat/channel.ts";
import type { Channels, Now } from "../../chat/ports.ts";
import { channelKey, DIRECTORY, directoryKey } from "./keys.ts";
import { isThere, type Table, thereAt, unlessRefused } from "./table.ts";

/**
 * Channels as an item each, beside their members, and one in the directory. Both end 30 days after somebody joined
 * last, and are written again in the second half of that time alone. The lobby has an item once it has several shards. A
 * private channel is not in the directory.
 */
export const channels = (table: Table, now: Now): Channels => {
  const itemOf = (channel: string) => ({ TableName: table.name, Key: marshall(channelKey(channel)) });
  const read = async (channel: string) => {
    const { Item } = await table.client.send(new GetItemCommand(itemOf(channel)));
    const { ttl = 0, shards = 1 } = Item ? unmarshall(Item) : {};
    return { ttl, shards, isThere: channel === LOBBY || (Item !== undefined && isThere(Item, now)) };
  };
  const write = async (channel: string): Promise<void> => {
    const ttl = channelTtlSeconds(now());
    await Promise.all([
      // Beside the number of its shards, which stays.
      table.client.send(
        new UpdateItemCommand({
          ...itemOf(channel),
          UpdateExpression: "SET #ttl = :ttl",
          ExpressionAttributeNames: { "#ttl": "ttl" },
          ExpressionAttributeValues: marshall({ ":ttl": ttl }),
        }),
      ),
      isPrivate(channel) ||
        table.client.send(
          new PutItemCommand({ TableName: table.name, Item: marshall({ ...directoryKey(channel), ttl }) }),
        ),
    ]);
  };

  return {
    async open(channel) {
      const { ttl, shards, isThere } = await read(channel);
      if (!isThere || isAgeing(ttl, now())) await write(channel);
      return shards;
    },

    async shardsOf(channel) {
      const { shards, isThere } = await read(channel);
      return isThere ? shards : undefined;
    },

    async grow(channel, shards) {
      const command = new UpdateItemCommand({
        ...itemOf(channel),
        UpdateExpression: "SET shards = :doubled",
        ConditionExpression: shards === 1 ? "attribute_not_exists(shards)" : "shards = :shards",
        ExpressionAttributeValues: marshall({ ":doubled": shards * 2, ...(shards > 1 && { ":shards": shards }) }),
      });
      await unlessRefused(table.client.send(command));
    },

    async list({ after, limit }) {
      const there = thereAt(now);
      const query = {
        TableName: table.name,
        KeyConditionExpression: "pk = :pk",
        ...there,
        ExpressionAttributeValues: { ...there.ExpressionAttributeValues, ":pk": { S: DIRECTORY } },
        ...(after !== undefined && { ExclusiveStartKey: marshall(directoryKey(after)) }),
        Limit: limit,
      };
      const names: string[] = [];
      for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
        names.push(...Items.map((item) => unmarshall(item).sk));
        if (names.length >= limit) break;
      }
      return names.slice(0, limit);
    },
  };
};
