import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Member, ttlSeconds } from "../../chat/connection.ts";
import type { Names, Now } from "../../chat/ports.ts";
import { type Key, lookKey, nameKey } from "./keys.ts";
import { isThere, type Table, unlessRefused, unlessThereAt } from "./table.ts";

/** Names that guests have chosen. `direct` finds a connection by its name. */
export const names = (table: Table, now: Now): Names => claims(table, now, nameKey);

/** The looks of chosen names, which are the same for lookalike names. */
export const looks = (table: Table, now: Now): Names => claims(table, now, lookKey);

/** Claims, one item each: a condition on the item allows one holder at a time. */
const claims = (table: Table, now: Now, keyOf: (text: string) => Key): Names => ({
  async claim(user, { id, connectedAt, protocol }) {
    const item = { ...keyOf(user), connection: id, connectedAt, protocol, ttl: ttlSeconds({ id, connectedAt }) };
    const free = unlessThereAt(now);
    const command = new PutItemCommand({
      TableName: table.name,
      Item: marshall(item),
      ConditionExpression: `${free.ConditionExpression} OR #connection = :connection`,
      ExpressionAttributeNames: { ...free.ExpressionAttributeNames, "#connection": "connection" },
      ExpressionAttributeValues: { ...free.ExpressionAttributeValues, ":connection": { S: id } },
    });
    return (await unlessRefused(table.client.send(command))) !== undefined;
  },

  async holder(user) {
    const { Item } = await table.client.send(
      new GetItemCommand({ TableName: table.name, Key: marshall(keyOf(user)), ConsistentRead: true }),
    );
    if (!Item || !isThere(Item, now)) return undefined;
    const { connection: id, connectedAt, protocol } = unmarshall(Item);
    return { id, connectedAt, protocol, user } satisfies Member;
  },

  async release(user, connectionId) {
    const command = new DeleteItemCommand({
      TableName: table.name,
      Key: marshall(keyOf(user)),
      ConditionExpression: "#connection = :connection",
      ExpressionAttributeNames: { "#connection": "connection" },
      ExpressionAttributeValues: marshall({ ":connection": connectionId }),
    });
    await unlessRefused(table.client.send(command));
  },
});
