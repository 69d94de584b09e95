import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { CHANNELS_PER_CONNECTION_MAX } from "../../chat/channel.ts";
import { type Connected, ttlSeconds } from "../../chat/connection.ts";
import type { Connections, Now } from "../../chat/ports.ts";
import { connectionIdOf, connectionKey } from "./keys.ts";
import { ifConditionHolds, isConditionFault, isLive, isRetried, SPARSE, type Table } from "./table.ts";

type Item = Record<string, AttributeValue>;

/** Connections, one item each. An item has the user and the channels, so the function that deletes it knows what to clean up. */
export const connections = (table: Table, now: Now): Connections => ({
  async add(connected) {
    await table.send("PutItem", { TableName: table.name, Item: connectionItem(connected) });
  },

  // Strongly consistent: the previous frame may just have joined a channel.
  get: (connectionId) => read(table, { connectionId, now, ConsistentRead: true }),

  getEventually: (connectionId) => read(table, { connectionId, now, ConsistentRead: false }),

  async join(connectionId, { channel, shard }) {
    const isMember = "attribute_exists(channels.#channel)";
    const hasRoom = "size(channels) < :max";
    const old = await update(table, connectionId, {
      UpdateExpression: "SET channels.#channel = :shard ADD joins :one",
      ConditionExpression: `attribute_exists(pk) AND (${isMember} OR ${hasRoom})`,
      ExpressionAttributeNames: { "#channel": channel },
      ExpressionAttributeValues: marshall({ ":shard": shard, ":max": CHANNELS_PER_CONNECTION_MAX, ":one": 1 }),
    });
    return old && connectedOf(old);
  },

  async leave(connectionId, channel, joins) {
    const isUnchanged = joins === 0 ? " AND attribute_not_exists(joins)" : " AND joins = :joins";
    const input = {
      ...itemOf(table, connectionId),
      UpdateExpression: "REMOVE channels.#channel",
      ConditionExpression: `attribute_exists(channels.#channel)${joins === undefined ? "" : isUnchanged}`,
      ExpressionAttributeNames: { "#channel": channel },
      ...(joins && { ExpressionAttributeValues: marshall({ ":joins": joins }) }),
    };
    try {
      await table.send("UpdateItem", input);
      return true;
    } catch (fault) {
      if (isConditionFault(fault)) return isRetried(fault.$metadata);
      throw fault;
    }
  },

  async rename(connectionId, user) {
    const old = await update(table, connectionId, {
      UpdateExpression: "SET formerUser = #user, #user = :user",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeNames: { "#user": "user" },
      ExpressionAttributeValues: marshall({ ":user": user }),
    });
    return old && connectedOf(old);
  },

  async remove(connectionId, known) {
    const { Attributes, $metadata } = await table.send("DeleteItem", {
      ...itemOf(table, connectionId),
      ReturnValues: "ALL_OLD",
    });
    if (Attributes) return connectedOf(Attributes);
    return isRetried($metadata) ? known : undefined;
  },
});

export function connectionItem(connected: Connected): Item {
  const { id, memberships, ...own } = connected;
  const channels = Object.fromEntries(memberships.map(({ channel, shard }) => [channel, { N: String(shard) }]));
  const item = marshall({ ...connectionKey(id), ...own, ttl: ttlSeconds(connected) }, SPARSE);
  return { ...item, channels: { M: channels } };
}

interface Reading {
  readonly connectionId: string;
  readonly now: Now;
  readonly ConsistentRead: boolean;
}

async function read(table: Table, { connectionId, now, ConsistentRead }: Reading): Promise<Connected | undefined> {
  const { Item } = await table.send("GetItem", { ...itemOf(table, connectionId), ConsistentRead });
  return Item && isLive(Item, now) ? connectedOf(Item) : undefined;
}

const itemOf = (table: Table, connectionId: string) => ({
  TableName: table.name,
  Key: marshall(connectionKey(connectionId)),
});

function connectedOf(item: Item): Connected {
  const { pk, sk, ttl, channels, ...own } = unmarshall(item);
  const memberships = Object.entries<number>(channels).map(([channel, shard]) => ({ channel, shard }));
  return { ...(own as Omit<Connected, "id" | "memberships">), id: connectionIdOf({ sk }), memberships };
}

type Update = Pick<
  UpdateItemCommandInput,
  "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

/** Resolves with the item before the update, or with undefined if the condition does not hold. */
async function update(table: Table, connectionId: string, changes: Update): Promise<Item | undefined> {
  const input = { ...itemOf(table, connectionId), ...changes, ReturnValues: "ALL_OLD" as const };
  const { Attributes } = (await ifConditionHolds(table.send("UpdateItem", input))) ?? {};
  return Attributes;
}
