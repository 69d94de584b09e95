import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Mutes, Now } from "../../chat/ports.ts";
import { muteKey } from "./keys.ts";
import { isThere, type Table } from "./table.ts";

/** Mutes, one item each. The TTL is the end of the mute. */
export const mutes = (table: Table, now: Now): Mutes => ({
  async set(channel, user, until) {
    const item = { ...muteKey(channel, user), ttl: Math.floor(until / 1000) };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshall(item) }));
  },

  async until(channel, user) {
    // Strongly consistent: once a mute is acknowledged, no message of the user may be delivered.
    const { Item } = await table.client.send(
      new GetItemCommand({ TableName: table.name, Key: marshall(muteKey(channel, user)), ConsistentRead: true }),
    );
    return Item && isThere(Item, now) ? Number(Item.ttl?.N) * 1000 : undefined;
  },
});
