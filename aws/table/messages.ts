import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import {
  type Deletion,
  type Edit,
  type EditedMessage,
  isDeletion,
  isEdit,
  type LogEntry,
  messageTtlSeconds,
  oldestKeptId,
  REPEAT_SECONDS,
  STORE_MILLISECONDS_MAX,
} from "../../chat/message.ts";
import type { Claim, Messages, Repeatable, Repeats, Slice } from "../../chat/message-ports.ts";
import type { Now } from "../../chat/ports.ts";
import { abortAfter } from "../runtime.ts";
import { type Key, logPartition, messageKey, repeatKey, sortsAfter, sortsBefore } from "./keys.ts";
import { ifConditionHolds, isLive, queryPages, secondsOf, type Table, unlessLive } from "./table.ts";

/** Sorts after every ULID. */
const LAST = "~";

/**
 * The item of a blocked id has expired when it is written. Readers ignore it even if their clocks differ by less than a
 * minute, and the condition of `store` still sees it. TTL deletes it later, after every function that could store the id
 * has ended.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
const BLOCKED_AGO_SECONDS = 60;

/** Messages and changes to messages, one item each, in the order of their ids. Each channel has a partition. */
export const messages = (
  table: Table,
  { now, retentionDays }: { readonly now: Now; readonly retentionDays: number },
): Messages => ({
  async store(message) {
    const { from, data, clientMessageId, publisher, author, replyTo, mentions } = message;
    const sent = {
      ...{ from, data },
      ...(clientMessageId !== undefined && { clientMessageId }),
      ...(publisher && { publisher }),
      ...(author !== undefined && { author }),
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions && { mentions }),
    };
    const item = { ...messageKey(message), ...sent, ttl: messageTtlSeconds(message, retentionDays) };
    const input = {
      TableName: table.name,
      Item: marshall(item),
      ConditionExpression: "attribute_not_exists(deleted) AND attribute_not_exists(edit)",
    };
    const writing = abortAfter(STORE_MILLISECONDS_MAX, (abortSignal) => table.send("PutItem", input, { abortSignal }));
    return (await ifConditionHolds(writing)) !== undefined;
  },

  async block(message) {
    const item = { ...messageKey(message), deleted: true, blocked: true, ttl: secondsOf(now) - BLOCKED_AGO_SECONDS };
    const input = {
      TableName: table.name,
      Item: marshall(item),
      // A repeat may find the id blocked by an attempt that ended right after this write.
      ConditionExpression: "attribute_not_exists(pk) OR attribute_exists(blocked)",
    };
    return (await ifConditionHolds(table.send("PutItem", input))) !== undefined;
  },

  async get(message) {
    const { Item } = await table.send("GetItem", {
      TableName: table.name,
      Key: marshall(messageKey(message)),
      ConsistentRead: true,
    });
    const [entry] = Item && isLive(Item, now) ? entryOf(Item, message.channel) : [];
    return entry && !isDeletion(entry) && !isEdit(entry) ? entry : undefined;
  },

  async edit(message, replaced) {
    return (await ifConditionHolds(table.send("UpdateItem", editInput(table, message, replaced)))) !== undefined;
  },

  async delete(message) {
    const input = {
      TableName: table.name,
      Key: marshall(messageKey(message)),
      UpdateExpression: "SET #data = :nothing, deleted = :true REMOVE edit, editDigest, versions, mentions",
      // A change has a public id too, but is not a message.
      ConditionExpression: "#ttl > :now AND attribute_not_exists(change)",
      ExpressionAttributeNames: { "#data": "data", "#ttl": "ttl" },
      ExpressionAttributeValues: marshall({ ":nothing": "", ":true": true, ":now": secondsOf(now) }),
    };
    return (await ifConditionHolds(table.send("UpdateItem", input))) !== undefined;
  },

  async record(change) {
    // Aborts a slow write: clients could already have read past the id of the change. A repeat of the frame uses a new id.
    const input = recordInput(table, change, retentionDays);
    await abortAfter(STORE_MILLISECONDS_MAX, (abortSignal) => table.send("UpdateItem", input, { abortSignal }));
  },

  async read({ limit, latestFirst, ...range }) {
    const [from, to] = boundsOf(range, oldestKeptId(now(), retentionDays));
    // DynamoDB refuses a BETWEEN whose bounds are reversed.
    if (from > to) return [];
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
      ExpressionAttributeValues: marshall({ ":pk": logPartition(range.channel), ":from": from, ":to": to }),
      ScanIndexForward: !latestFirst,
      Limit: limit,
      ConsistentRead: true,
    };
    const found: LogEntry[] = [];
    for await (const { Items = [] } of queryPages(table, query)) {
      found.push(...Items.filter((item) => isLive(item, now)).flatMap((item) => entryOf(item, range.channel)));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  },
});

const DELETED = "deleted";
const EDITED = "edited";

function editInput(table: Table, message: EditedMessage, replaced: string | undefined) {
  const { data, edit, editDigest, versions } = message;
  const isLatest = replaced === undefined ? "attribute_not_exists(edit)" : "edit = :replaced";
  return {
    TableName: table.name,
    Key: marshall(messageKey(message)),
    UpdateExpression: "SET #data = :data, edit = :edit, editDigest = :digest, versions = :versions",
    // UpdateItem must not create a message.
    ConditionExpression: `attribute_exists(author) AND attribute_not_exists(deleted) AND ${isLatest}`,
    ExpressionAttributeNames: { "#data": "data" },
    ExpressionAttributeValues: marshall({
      ...{ ":data": data, ":edit": edit, ":digest": editDigest, ":versions": versions },
      ...(replaced !== undefined && { ":replaced": replaced }),
    }),
  };
}

/** UpdateItem creates the item. The roles of `delete` and `edit` do not allow PutItem, so they cannot store a message. */
function recordInput(table: Table, change: Deletion | Edit, retentionDays: number) {
  const [kind, message] = isEdit(change) ? [EDITED, change.edited] : [DELETED, change.message];
  return {
    TableName: table.name,
    Key: marshall(messageKey(change)),
    UpdateExpression: `SET change = :change, message = :message, #ttl = :ttl${isEdit(change) ? "" : ", #by = :by"}`,
    ExpressionAttributeNames: { "#ttl": "ttl", ...(!isEdit(change) && { "#by": "by" }) },
    ExpressionAttributeValues: marshall({
      ...{ ":change": kind, ":message": message, ":ttl": messageTtlSeconds({ id: message }, retentionDays) },
      ...(!isEdit(change) && { ":by": change.by }),
    }),
  };
}

/**
 * The first and the last sort key of a range. Messages that have expired are not read, although DynamoDB can take days to
 * delete them. Each item keeps the `ttl` from when it was stored. If the retention was shortened since, the range excludes
 * it; if the retention was extended, its `ttl` does.
 */
export function boundsOf(
  { after, before }: Pick<Slice, "after" | "before">,
  oldest: string,
): [from: string, to: string] {
  const from = after === undefined ? oldest : sortsAfter(after);
  return [from > oldest ? from : oldest, before === undefined ? LAST : sortsBefore(before)];
}

/** Empty for a kind of change that this version does not know. */
function entryOf(item: Record<string, AttributeValue>, channel: string): LogEntry[] {
  const { sk: id, change, message, by, from, data, clientMessageId, deleted, ...own } = unmarshall(item);
  if (change === DELETED) return [{ id, channel, message, by }];
  if (change === EDITED) return [{ id, channel, edited: message }];
  if (change !== undefined) return [];
  const { author, publisher, replyTo, mentions, edit, editDigest, versions } = own;
  return [
    {
      ...{ id, channel, from, data },
      ...(clientMessageId && { clientMessageId }),
      ...(publisher && { publisher }),
      ...(replyTo && { replyTo }),
      ...(mentions && { mentions }),
      ...(deleted && { deleted }),
      ...(author && { author }),
      ...(edit && { edit, editDigest, versions }),
    },
  ];
}

/** `blocked`: the id of a blocked message, which a claim may replace. */
function unlessClaimed(now: Now, blocked: string | undefined) {
  const free = unlessLive(now);
  if (blocked === undefined) return free;
  return {
    ...free,
    ConditionExpression: `${free.ConditionExpression} OR (message = :blocked AND isDelivered = :false)`,
    ExpressionAttributeValues: {
      ...free.ExpressionAttributeValues,
      ...marshall({ ":blocked": blocked, ":false": false }),
    },
  };
}

/**
 * Requests, one item each, keyed by the client's id for the request. They are kept for ten minutes. Publishers have keys of
 * their own (`publishedKey`), so that they do not share ids with users.
 */
export const repeats = (table: Table, now: Now, keyOf: (request: Repeatable) => Key = repeatKey): Repeats => {
  const itemOf = (request: Repeatable, { message, isDelivered }: Claim) => ({
    TableName: table.name,
    Item: marshall({ ...keyOf(request), message, isDelivered, ttl: secondsOf(now) + REPEAT_SECONDS }),
  });

  return {
    async claim(request, blocked) {
      const claim = { message: request.message, isDelivered: false };
      const input = { ...itemOf(request, claim), ...unlessClaimed(now, blocked) };
      if (await ifConditionHolds(table.send("PutItem", input))) return claim;
      const { Item } = await table.send("GetItem", {
        TableName: table.name,
        Key: marshall(keyOf(request)),
        ConsistentRead: true,
      });
      if (!Item) return claim;
      const { message, isDelivered } = unmarshall(Item);
      return { message, isDelivered };
    },

    async settle(request) {
      await table.send("PutItem", itemOf(request, { message: request.message, isDelivered: true }));
    },
  };
};
