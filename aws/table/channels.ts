import { paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { grow, growthAt, isGrowthDue } from "../../chat/fan-out/growth.ts";
import type { Channels, Now } from "../../chat/ports.ts";
import { channelItems } from "./channel-items.ts";
import { DIRECTORY, directoryKey } from "./keys.ts";
import { type Table, thereAt } from "./table.ts";

/** Several functions can try to grow a channel at the same time. */
const GROW_ATTEMPTS_MAX = 4;

/** Channels, one item each in the partition of their members, and one in the directory unless the channel is private. */
export const channels = (table: Table, now: Now): Channels => {
  const items = channelItems(table, now);
  return {
    async open(channel) {
      const stored = await items.read(channel);
      await items.keep(channel, stored);
      const { newcomers } = growthAt(stored.growths, now());
      if (stored.isOld) await items.writeGrowths(channel, stored, grow(stored.growths, newcomers, now()));
      return newcomers;
    },

    async shardsOf(channel) {
      const { growths, isThere } = await items.read(channel);
      return isThere ? growthAt(growths, now()).shards : undefined;
    },

    async grow(channel, shards) {
      for (let attempt = 0; attempt < GROW_ATTEMPTS_MAX; attempt += 1) {
        const stored = await items.read(channel, { ConsistentRead: true });
        if (!isGrowthDue(growthAt(stored.growths, now()), shards)) return;
        if (await items.writeGrowths(channel, stored, grow(stored.growths, shards, now()))) return;
      }
      throw new Error(`Other functions changed the shards of the channel "${channel}" ${GROW_ATTEMPTS_MAX} times.`);
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
