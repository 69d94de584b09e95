import { GetItemCommand, PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { channelTtlSeconds, isAgeing, LOBBY } from "../../chat/channel.ts";
import type { Channels, Now } from "../../chat/ports.ts";
import { channelKey, DIRECTORY, directoryKey } from "./keys.ts";
import { isThere, type Table, thereAt } from "./table.ts";

/**
 * Channels as an item each, beside their members, and one in the directory. Both end 30 days after somebody joined
 * last, and are written again in the second half of that time alone.
 */
export const channels = (table: Table, now: Now): Channels => {
  const ttlOf = async (channel: string): Promise<number | undefined> => {
    const { Item } = await table.client.send(
      new GetItemCommand({ TableName: table.name, Key: marshall(channelKey(channel)) }),
    );
    return Item && isThere(Item, now) ? Number(Item.ttl?.N) : undefined;
  };
  const put = (item: object) =>
    table.client.send(
      new PutItemCommand({ TableName: table.name, Item: marshall({ ...item, ttl: channelTtlSeconds(now()) }) }),
    );

  return {
    async open(channel) {
      const ttl = await ttlOf(channel);
      if (ttl === undefined || isAgeing(ttl, now())) {
        await Promise.all([put(channelKey(channel)), put(directoryKey(channel))]);
      }
      return { channel, shard: 0 };
    },

    async exists(channel) {
      return channel === LOBBY || (await ttlOf(channel)) !== undefined;
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
