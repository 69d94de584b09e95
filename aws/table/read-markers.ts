import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { messageTtlSeconds, oldestKeptId } from "../../chat/message.ts";
import type { Now } from "../../chat/ports.ts";
import { COUNTED_MAX, type ReadMarkers } from "../../chat/read-markers.ts";
import {
  channelOfMarker,
  logPartition,
  readMarkerKey,
  readMarkerPrefixes,
  readMarkersPartition,
  sortsAfter,
} from "./keys.ts";
import { ifConditionHolds, isLive, liveFilter, queryPages, type Table } from "./table.ts";

/** The read markers of users, one item for each user and channel. */
export const readMarkers = (
  table: Table,
  { now, retentionDays }: { readonly now: Now; readonly retentionDays: number },
): ReadMarkers => ({
  async advance({ user, channel, id }) {
    const input = {
      TableName: table.name,
      // If the message has expired, so have all before it, and `count` needs no marker.
      Item: marshall({ ...readMarkerKey(user, channel), id, ttl: messageTtlSeconds({ id }, retentionDays) }),
      ConditionExpression: "attribute_not_exists(pk) OR id <= :id",
      ExpressionAttributeValues: marshall({ ":id": id }),
    };
    return (await ifConditionHolds(table.send("PutItem", input))) !== undefined;
  },

  async list(user, kind) {
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: marshall({ ":pk": readMarkersPartition(user), ":prefix": readMarkerPrefixes[kind] }),
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

  async get(user, channel) {
    const { Item } = await table.send("GetItem", {
      TableName: table.name,
      Key: marshall(readMarkerKey(user, channel)),
    });
    return Item && isLive(Item, now) ? unmarshall(Item).id : undefined;
  },

  async count({ user, channel, after }) {
    const oldest = oldestKeptId(now(), retentionDays);
    const from = after === undefined ? oldest : sortsAfter(after);
    const live = liveFilter(now);
    const query = {
      TableName: table.name,
      Select: "COUNT",
      KeyConditionExpression: "pk = :pk AND sk >= :from",
      // A user and a publisher can have the same name.
      FilterExpression: `${live.FilterExpression} AND attribute_not_exists(change) AND attribute_not_exists(deleted) AND (#from <> :user OR attribute_exists(publisher))`,
      ExpressionAttributeNames: { ...live.ExpressionAttributeNames, "#from": "from" },
      ExpressionAttributeValues: {
        ...live.ExpressionAttributeValues,
        ...marshall({ ":pk": logPartition(channel), ":from": from > oldest ? from : oldest, ":user": user }),
      },
      // DynamoDB applies the limit before the filter, so it also limits the price.
      Limit: COUNTED_MAX,
    } as const;
    const { Count = 0, LastEvaluatedKey } = await table.send("Query", query);
    return { count: Count, ...(LastEvaluatedKey && { more: true }) };
  },
});
