import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Member, ttlSeconds } from "../../chat/connection.ts";
import type { Now } from "../../chat/ports.ts";
import type { Names, Users } from "../../chat/user-ports.ts";
import { type Key, lookKey, nameKey, userKey, userPartition } from "./keys.ts";
import { memberOf } from "./members.ts";
import { ifConditionHolds, isLive, liveFilter, queryPages, SPARSE, type Table, unlessLive } from "./table.ts";

/** The connections of authenticated users, one item each, in a partition per user. */
export const users = (table: Table, now: Now): Users => ({
  async add(member) {
    await table.send("PutItem", { TableName: table.name, Item: userItem(member) });
  },

  async connectionsOf(user) {
    const live = liveFilter(now);
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :connection)",
      ...live,
      ExpressionAttributeValues: {
        ...live.ExpressionAttributeValues,
        ...marshall({ ":pk": userPartition(user), ":connection": userKey(user, "").sk }),
      },
      ConsistentRead: true,
    };
    const found: Member[] = [];
    for await (const { Items = [] } of queryPages(table, query)) {
      found.push(...Items.map((item) => memberOf(unmarshall(item))));
    }
    return found;
  },

  async remove(user, connectionId) {
    const Key = marshall(userKey(user, connectionId));
    await table.send("DeleteItem", { TableName: table.name, Key });
  },
});

export function userItem({ id, connectedAt, user, protocol, expiresAt }: Member) {
  const own = { connectedAt, user, protocol, expiresAt, ttl: ttlSeconds({ id, connectedAt }) };
  return marshall({ ...userKey(user, id), ...own }, SPARSE);
}

/** Names that guests have chosen. `direct` finds a connection by its name. */
export const names = (table: Table, now: Now): Names => claims(table, now, nameKey);

/** The looks of chosen names, which are the same for lookalike names. */
export const looks = (table: Table, now: Now): Names => claims(table, now, lookKey);

/** Claims, one item each: a condition on the item allows one holder at a time. */
const claims = (table: Table, now: Now, keyOf: (text: string) => Key): Names => ({
  async claim(user, { id, connectedAt, protocol }) {
    const item = { ...keyOf(user), connection: id, connectedAt, protocol, ttl: ttlSeconds({ id, connectedAt }) };
    const free = unlessLive(now);
    const input = {
      TableName: table.name,
      Item: marshall(item),
      ConditionExpression: `${free.ConditionExpression} OR #connection = :connection`,
      ExpressionAttributeNames: { ...free.ExpressionAttributeNames, "#connection": "connection" },
      ExpressionAttributeValues: { ...free.ExpressionAttributeValues, ":connection": { S: id } },
    };
    return (await ifConditionHolds(table.send("PutItem", input))) !== undefined;
  },

  async holder(user) {
    const { Item } = await table.send("GetItem", {
      TableName: table.name,
      Key: marshall(keyOf(user)),
      ConsistentRead: true,
    });
    if (!Item || !isLive(Item, now)) return undefined;
    const { connection: id, connectedAt, protocol } = unmarshall(Item);
    return { id, connectedAt, protocol, user } satisfies Member;
  },

  async release(user, connectionId) {
    const input = {
      TableName: table.name,
      Key: marshall(keyOf(user)),
      ConditionExpression: "#connection = :connection",
      ExpressionAttributeNames: { "#connection": "connection" },
      ExpressionAttributeValues: marshall({ ":connection": connectionId }),
    };
    await ifConditionHolds(table.send("DeleteItem", input));
  },
});
