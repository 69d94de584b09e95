import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { messageTtlSeconds, oldestKeptId } from "../../chat/message.ts";
import type { Conversation, Conversations } from "../../chat/message-ports.ts";
import type { Now } from "../../chat/ports.ts";
import type { KnownUsers } from "../../chat/user-ports.ts";
import { conversationKey, conversationsPartition, knownKey, pairIn } from "./keys.ts";
import { ifConditionHolds, queryPages, type Table } from "./table.ts";

/** The conversations of users, one item for each user of a conversation. An item expires with its latest message. */
export const conversations = (
  table: Table,
  { now, retentionDays }: { readonly now: Now; readonly retentionDays: number },
): Conversations => ({
  async record(user, { pair, other, last }) {
    const { name, publisher = false } = other;
    const input = {
      TableName: table.name,
      Key: marshall(conversationKey(user, pair)),
      UpdateExpression: "SET #last = :last, #other = :other, publisher = :publisher, #ttl = :ttl",
      // Two simultaneous messages can be recorded in the wrong order.
      ConditionExpression: "attribute_not_exists(#last) OR #last < :last",
      ExpressionAttributeNames: { "#last": "last", "#other": "other", "#ttl": "ttl" },
      ExpressionAttributeValues: marshall({
        ...{ ":last": last, ":other": name, ":publisher": publisher },
        ":ttl": messageTtlSeconds({ id: last }, retentionDays),
      }),
    };
    await ifConditionHolds(table.send("UpdateItem", input));
  },

  async recordChange(user, { pair, change }) {
    const input = {
      TableName: table.name,
      Key: marshall(conversationKey(user, pair)),
      UpdateExpression: "SET #change = :change",
      // UpdateItem must not create a conversation. Two changes can be recorded in the wrong order.
      ConditionExpression: "attribute_exists(#last) AND (attribute_not_exists(#change) OR #change < :change)",
      ExpressionAttributeNames: { "#last": "last", "#change": "change" },
      ExpressionAttributeValues: marshall({ ":change": change }),
    };
    await ifConditionHolds(table.send("UpdateItem", input));
  },

  async list(user, { after, limit }) {
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      // Not the TTL: it has the retention of the time when the message was stored.
      FilterExpression: "#last >= :oldest",
      ExpressionAttributeNames: { "#last": "last" },
      ExpressionAttributeValues: marshall({
        ":pk": conversationsPartition(user),
        ":oldest": oldestKeptId(now(), retentionDays),
      }),
      ...(after !== undefined && { ExclusiveStartKey: marshall(conversationKey(user, after)) }),
      Limit: limit,
      // A client that has just connected must find each message that was not pushed to it.
      ConsistentRead: true,
    };
    const found: Conversation[] = [];
    for await (const { Items = [] } of queryPages(table, query)) {
      found.push(...Items.map((item) => conversationIn(unmarshall(item))));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  },
});

const conversationIn = ({ sk, other: name, publisher, ...ids }: ReturnType<typeof unmarshall>): Conversation => ({
  pair: pairIn({ sk }),
  other: { name, ...(publisher && { publisher }) },
  last: ids.last,
  ...(ids.change !== undefined && { change: ids.change }),
});

/** The users who have ever connected, one item each. They do not expire. */
export const knownUsers = (table: Table): KnownUsers => ({
  async add(user) {
    await table.send("PutItem", { TableName: table.name, Item: marshall(knownKey(user)) });
  },

  async has(user) {
    const Key = marshall(knownKey(user));
    const { Item } = await table.send("GetItem", { TableName: table.name, Key, ConsistentRead: true });
    return Item !== undefined;
  },
});
