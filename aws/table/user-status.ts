import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Now } from "../../chat/ports.ts";
import type { StatusOf } from "../../chat/user-ports.ts";
import { conversationKey, knownKey, lastingChannelsKey, userKey, userPartition } from "./keys.ts";
import { channelsIn } from "./lasting-channels.ts";
import { isLive, queryPages, type Table } from "./table.ts";

/** Reads the connections, the lasting channels and `#KNOWN` of a user with one query: all sort before the conversations. */
export const userStatus =
  (table: Table, now: Now): StatusOf =>
  async (user) => {
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND sk < :conversations",
      ExpressionAttributeValues: marshall({
        ":pk": userPartition(user),
        ":conversations": conversationKey(user, "").sk,
      }),
      ConsistentRead: true,
    };
    const items: Record<string, AttributeValue>[] = [];
    for await (const { Items = [] } of queryPages(table, query)) items.push(...Items);
    const connections = items.filter(({ sk }) => sk?.S?.startsWith(userKey(user, "").sk));
    const itemAt = (key: string) => items.find(({ sk }) => sk?.S === key);
    return {
      isConnected: connections.some((item) => isLive(item, now)),
      isKnown: itemAt(knownKey(user).sk) !== undefined,
      channels: channelsIn(itemAt(lastingChannelsKey(user).sk)),
    };
  };
