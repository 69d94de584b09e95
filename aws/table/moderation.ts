import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Now } from "../../chat/ports.ts";
import type { Bans, Mutes } from "../../chat/user-ports.ts";
import { banKey, muteKey } from "./keys.ts";
import { isLive, SPARSE, type Table } from "./table.ts";

/** Bans, one item for each user. A permanent ban has no `ttl`, so DynamoDB never deletes it. */
export const bans = (table: Table, now: Now): Bans => ({
  async set(user, { by, until }) {
    const ttl = until === undefined ? undefined : Math.floor(until / 1000);
    const item = { ...banKey(user), by, at: now(), ttl };
    await table.send("PutItem", { TableName: table.name, Item: marshall(item, SPARSE) });
  },

  async lift(user) {
    const Key = marshall(banKey(user));
    await table.send("DeleteItem", { TableName: table.name, Key });
  },

  async has(user) {
    // Strongly consistent: an acknowledged ban must refuse the next handshake.
    const { Item } = await table.send("GetItem", {
      TableName: table.name,
      Key: marshall(banKey(user)),
      ConsistentRead: true,
    });
    return isActiveBan(Item, now);
  },
});

export const isActiveBan = (item: Record<string, AttributeValue> | undefined, now: Now): boolean =>
  item !== undefined && (item.ttl === undefined || isLive(item, now));

/** Mutes, one item each. The TTL is the end of the mute. */
export const mutes = (table: Table, now: Now): Mutes => ({
  async set(channel, user, until) {
    const item = { ...muteKey(channel, user), ttl: Math.floor(until / 1000) };
    await table.send("PutItem", { TableName: table.name, Item: marshall(item) });
  },

  async until(channel, user) {
    // Strongly consistent: once a mute is acknowledged, no message of the user may be delivered.
    const { Item } = await table.send("GetItem", {
      TableName: table.name,
      Key: marshall(muteKey(channel, user)),
      ConsistentRead: true,
    });
    return Item && isLive(Item, now) ? Number(Item.ttl?.N) * 1000 : undefined;
  },
});
