import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { messageTtlSeconds, oldestKeptId } from "../../chat/message.ts";
import type { Now } from "../../chat/ports.ts";
import {
  COUNTED_MAX,
  COUNTED_PAGES_MAX,
  type ReadMarkers,
  type UnreadCount,
  type UnreadRange,
} from "../../chat/read-markers.ts";
import { readBatch } from "./batches.ts";
import {
  CHANNEL_MARKER_PREFIX,
  channelOfMarker,
  logPartition,
  messageKey,
  readMarkerKey,
  readMarkersPartition,
  sortsAfter,
} from "./keys.ts";
import { ifConditionHolds, isLive, liveFilter, queryPages, type Table } from "./table.ts";

/** The read markers of users, one item for each user and channel. */
export const readMarkers = (table: Table, { now, retentionDays }: Retention): ReadMarkers => ({
  async advance({ user, channel, id }) {
    const input = {
      TableName: table.name,
      // The marker can expire with the message: all earlier messages have expired by then, so `count` does not need it.
      Item: marshall({ ...readMarkerKey(user, channel), id, ttl: messageTtlSeconds({ id }, retentionDays) }),
      ConditionExpression: "attribute_not_exists(pk) OR id <= :id",
      ExpressionAttributeValues: marshall({ ":id": id }),
    };
    return (await ifConditionHolds(table.send("PutItem", input))) !== undefined;
  },

  async list(user) {
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: marshall({ ":pk": readMarkersPartition(user), ":prefix": CHANNEL_MARKER_PREFIX }),
      ConsistentRead: true,
    };
    const found = new Map<string, string>();
    for await (const { Items = [] } of queryPages(table, query)) {
      for (const item of Items.filter((each) => isLive(each, now))) {
        const { sk, id } = unmarshall(item);
        found.set(channelOfMarker({ sk }), id);
      }
    }
    return found;
  },

  async listConversations(user, logs) {
    const keys = [...new Set(logs)].map((log) => readMarkerKey(user, log));
    const items = await readBatch(table, { keys, ConsistentRead: true });
    const live = [...items.values()].filter((item) => isLive(item, now)).map((item) => unmarshall(item));
    return new Map(live.map(({ sk, id }) => [sk, id]));
  },

  async get(user, channel) {
    const { Item } = await table.send("GetItem", {
      TableName: table.name,
      Key: marshall(readMarkerKey(user, channel)),
    });
    return Item && isLive(Item, now) ? unmarshall(Item).id : undefined;
  },

  async hasMessage(message) {
    const live = liveFilter(now);
    const { pk, sk } = messageKey(message);
    // A GetItem would need a grant to read messages. This query can only count them.
    const { Count = 0 } = await table.send("Query", {
      TableName: table.name,
      Select: "COUNT",
      KeyConditionExpression: "pk = :pk AND sk = :sk",
      ...live,
      FilterExpression: `${live.FilterExpression} AND attribute_not_exists(change)`,
      ExpressionAttributeValues: { ...live.ExpressionAttributeValues, ...marshall({ ":pk": pk, ":sk": sk }) },
      ConsistentRead: true,
    });
    return Count > 0;
  },

  async count(range) {
    const query = countQuery(table, range, { now, retentionDays });
    let counted: UnreadCount = { count: 0 };
    let pages = 0;
    for await (const { Count = 0, LastEvaluatedKey } of queryPages(table, query)) {
      counted = { count: Count, ...(LastEvaluatedKey && { more: true }) };
      pages += 1;
      if (Count > 0 || pages === COUNTED_PAGES_MAX) break;
    }
    return counted;
  },
});

interface Retention {
  readonly now: Now;
  readonly retentionDays: number;
}

function countQuery(table: Table, { user, channel, after }: UnreadRange, { now, retentionDays }: Retention) {
  const oldest = oldestKeptId(now(), retentionDays);
  const from = after === undefined ? oldest : sortsAfter(after);
  const live = liveFilter(now);
  return {
    TableName: table.name,
    Select: "COUNT",
    KeyConditionExpression: "pk = :pk AND sk >= :from",
    // A user and a backend can have the same name.
    FilterExpression: `${live.FilterExpression} AND attribute_not_exists(change) AND attribute_not_exists(deleted) AND (#from <> :user OR attribute_exists(publisher))`,
    ExpressionAttributeNames: { ...live.ExpressionAttributeNames, "#from": "from" },
    ExpressionAttributeValues: {
      ...live.ExpressionAttributeValues,
      ...marshall({ ":pk": logPartition(channel), ":from": from > oldest ? from : oldest, ":user": user }),
    },
    // DynamoDB applies the limit before the filter, so the limit also bounds the cost.
    Limit: COUNTED_MAX,
  } as const;
}
