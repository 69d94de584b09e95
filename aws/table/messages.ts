import { type AttributeValue, PutItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Message, messageTtlSeconds, STORE_MILLISECONDS_MAX } from "../../chat/message.ts";
import type { Messages, Now } from "../../chat/ports.ts";
import { logPartition, messageKey } from "./keys.ts";
import { secondsOf, type Table, thereAt, unlessRefused } from "./table.ts";

/** Before and after every ULID. */
const [FIRST, LAST] = ["", "~"];

/**
 * The item of a blocked id has expired when it is written: readers ignore it, whose clocks may differ, and the condition
 * of `store` still sees it. TTL deletes it later, after every function that could store the id has ended.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
const BLOCKED_AGO_SECONDS = 60;

/** Messages as items in the order of their ids, a partition per channel. */
export const messages = (
  table: Table,
  { now, retentionDays }: { readonly now: Now; readonly retentionDays: () => number },
): Messages => ({
  async store(message) {
    const { from, data, clientMessageId } = message;
    const sent = { from, data, ...(clientMessageId !== undefined && { clientMessageId }) };
    const item = { ...messageKey(message), ...sent, ttl: messageTtlSeconds(message, retentionDays()) };
    const command = new PutItemCommand({
      TableName: table.name,
      Item: marshall(item),
      ConditionExpression: "attribute_not_exists(deleted)",
    });
    const abortSignal = AbortSignal.timeout(STORE_MILLISECONDS_MAX);
    return (await unlessRefused(table.client.send(command, { abortSignal }))) !== undefined;
  },

  async block(message) {
    const item = { ...messageKey(message), deleted: true, blocked: true, ttl: secondsOf(now) - BLOCKED_AGO_SECONDS };
    const command = new PutItemCommand({
      TableName: table.name,
      Item: marshall(item),
      // A repeat may find the id blocked by an attempt that died right after this write.
      ConditionExpression: "attribute_not_exists(pk) OR attribute_exists(blocked)",
    });
    return (await unlessRefused(table.client.send(command))) !== undefined;
  },

  async delete(message) {
    const command = new UpdateItemCommand({
      TableName: table.name,
      Key: marshall(messageKey(message)),
      UpdateExpression: "SET #data = :nothing, deleted = :true",
      ConditionExpression: "#ttl > :now",
      ExpressionAttributeNames: { "#data": "data", "#ttl": "ttl" },
      ExpressionAttributeValues: marshall({ ":nothing": "", ":true": true, ":now": secondsOf(now) }),
    });
    return (await unlessRefused(table.client.send(command))) !== undefined;
  },

  async read({ channel, after = FIRST, before = LAST, limit, latestFirst }) {
    const there = thereAt(now);
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :after AND :before",
      ...there,
      ExpressionAttributeValues: {
        ...there.ExpressionAttributeValues,
        ...marshall({ ":pk": logPartition(channel), ":after": `${after}!`, ":before": before }),
      },
      ScanIndexForward: !latestFirst,
      // BETWEEN takes its ends in: one more than is wanted, for the one that is not.
      Limit: limit + 1,
      ConsistentRead: true,
    };
    const found: Message[] = [];
    for await (const { Items = [] } of paginateQuery({ client: table.client }, query)) {
      found.push(...Items.map((item) => messageOf(item, channel)).filter(({ id }) => id !== before));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  },
});

function messageOf(item: Record<string, AttributeValue>, channel: string): Message {
  const { sk: id, from, data, clientMessageId, deleted } = unmarshall(item);
  return { id, channel, from, data, ...(clientMessageId && { clientMessageId }), ...(deleted && { deleted }) };
}
