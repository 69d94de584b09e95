import { createHash } from "node:crypto";
import type { AttributeValue, UpdateItemInput } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { messageTtlSeconds, oldestKeptId, STORE_MILLISECONDS_MAX } from "../../chat/message.ts";
import type { Now } from "../../chat/ports.ts";
import { countsOf, type Reaction, type ReactionCounts, type Reactions } from "../../chat/reactions.ts";
import { abortAfter } from "../runtime.ts";
import { type Key, reactedKey, reactionsKey } from "./keys.ts";
import { boundsOf } from "./messages.ts";
import { ifConditionHolds, isLive, queryPages, secondsOf, type Table } from "./table.ts";

/**
 * The reactions to a message are one item, with an attribute for each author: an update of one attribute can be repeated,
 * which a counter cannot. The name of the attribute has a digest, so that its length is limited and the item has no names.
 */
const AUTHOR = "by-";
/** The attribute with the reaction of an author. */
export const reactionAttribute = (author: string): string =>
  AUTHOR + createHash("sha256").update(author).digest("base64url").slice(0, 16);

/** Longer than a write of a record can take. */
const BLOCKED_SECONDS = 60;

type Item = Record<string, AttributeValue>;

interface Options {
  readonly now: Now;
  readonly retentionDays: number;
}

export const reactions = (table: Table, options: Options): Reactions => ({
  ...reactionItems(table, options),
  ...reactionRecords(table, options),

  async isSettled(target) {
    const latest = await readItem(table, reactionsKey(target), options.now);
    if (!latest) return false;
    const { change: id } = unmarshall(latest);
    const record = await readItem(table, reactedKey({ channel: target.channel, id }), options.now);
    return record?.settled !== undefined;
  },
});

type Items = Pick<Reactions, "set" | "get" | "between" | "remove">;

const reactionItems = (table: Table, { now, retentionDays }: Options): Items => ({
  async set(reaction) {
    const { author, emoji, change } = reaction;
    const own = reactionAttribute(author);
    const input = setInput(table, reaction, messageTtlSeconds(reaction, retentionDays));
    const { Attributes: former = {} } = await abortSlow((abortSignal) =>
      table.send("UpdateItem", input, { abortSignal }),
    );
    const { change: last, revision = 0 } = unmarshall(former);
    const { [own]: _, ...others } = former;
    const item = { ...others, ...marshall({ revision: revision + 1, ...(emoji !== null && { [own]: emoji }) }) };
    // Trap: after a lost answer, the client of DynamoDB repeats the update, and `former` is its own change.
    return { reactions: countsIn(item, author), ...(last !== undefined && last !== change && { former: last }) };
  },

  async get(target, author) {
    const item = await readItem(table, reactionsKey(target), now);
    return item && countsIn(item, author);
  },

  async between({ channel, first, last, author }) {
    const { pk } = reactionsKey({ channel, id: first });
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
      ExpressionAttributeValues: marshall({ ":pk": pk, ":first": first, ":last": last }),
      ConsistentRead: true,
    };
    const found = new Map<string, ReactionCounts>();
    for await (const { Items = [] } of queryPages(table, query)) {
      for (const item of Items.filter((each) => isLive(each, now))) {
        const { sk: id } = unmarshall(item);
        found.set(id, countsIn(item, author));
      }
    }
    return found;
  },

  async remove(target) {
    await table.send("DeleteItem", keyed(table, reactionsKey(target)));
  },
});

type Records = Pick<Reactions, "record" | "forget" | "settle" | "records">;

const reactionRecords = (table: Table, { now, retentionDays }: Options): Records => ({
  async record({ id, channel, reacted: message, revision }) {
    const ttl = messageTtlSeconds({ id: message }, retentionDays);
    const input = {
      TableName: table.name,
      Item: marshall({ ...reactedKey({ channel, id }), message, revision, ttl }),
      // If the answer of an update is lost, its repeat makes a newer revision of the same change.
      ConditionExpression: "attribute_not_exists(forgotten) OR forgotten < :revision",
      ExpressionAttributeValues: marshall({ ":revision": revision }),
    };
    await ifConditionHolds(abortSlow((abortSignal) => table.send("PutItem", input, { abortSignal })));
  },

  async forget({ revision, ...change }) {
    const input = {
      ...keyed(table, reactedKey(change)),
      ConditionExpression: "attribute_not_exists(pk) OR revision < :revision",
      ExpressionAttributeValues: marshall({ ":revision": revision }),
      ReturnValues: "ALL_OLD" as const,
    };
    const deleted = await ifConditionHolds(table.send("DeleteItem", input));
    if (deleted && !deleted.Attributes) await blockRecord(table, reactedKey(change), { revision, now });
  },

  async settle(change) {
    const input = {
      ...keyed(table, reactedKey(change)),
      UpdateExpression: "SET settled = :true",
      ConditionExpression: "attribute_exists(message)",
      ExpressionAttributeValues: marshall({ ":true": true }),
    };
    await ifConditionHolds(table.send("UpdateItem", input));
  },

  async records({ channel, after, before, limit }) {
    const [first, last] = boundsOf({ after, before }, oldestKeptId(now(), retentionDays));
    // DynamoDB refuses a BETWEEN whose bounds are reversed.
    if (first > last) return [];
    const { pk } = reactedKey({ channel, id: first });
    const query = {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
      ExpressionAttributeValues: marshall({ ":pk": pk, ":first": first, ":last": last }),
      Limit: limit,
      ConsistentRead: true,
    };
    const found = [];
    for await (const { Items = [] } of queryPages(table, query)) {
      const records = Items.filter((item) => item.message && isLive(item, now)).map((item) => unmarshall(item));
      found.push(...records.map(({ sk: id, message }) => ({ id, channel, reacted: message })));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  },
});

const keyed = (table: Table, key: Key) => ({ TableName: table.name, Key: marshall(key) });

async function readItem(table: Table, key: Key, now: Now): Promise<Item | undefined> {
  const { Item } = await table.send("GetItem", { ...keyed(table, key), ConsistentRead: true });
  return Item && isLive(Item, now) ? Item : undefined;
}

/** Keeps a slower invocation from storing its record after it was to be deleted. */
async function blockRecord(table: Table, key: Key, { revision, now }: { revision: number; now: Now }): Promise<void> {
  const input = {
    TableName: table.name,
    Item: marshall({ ...key, forgotten: revision, ttl: secondsOf(now) + BLOCKED_SECONDS }),
    ConditionExpression: "attribute_not_exists(revision) OR revision < :revision",
    ExpressionAttributeValues: marshall({ ":revision": revision }),
  };
  await ifConditionHolds(table.send("PutItem", input));
}

function setInput(table: Table, { channel, id, author, emoji, change }: Reaction, ttl: number): UpdateItemInput {
  return {
    TableName: table.name,
    Key: marshall(reactionsKey({ channel, id })),
    UpdateExpression: `SET #change = :change, #ttl = :ttl${emoji === null ? " REMOVE #own" : ", #own = :emoji"} ADD revision :one`,
    ExpressionAttributeNames: { "#change": "change", "#ttl": "ttl", "#own": reactionAttribute(author) },
    ExpressionAttributeValues: marshall({
      ...{ ":change": change, ":ttl": ttl, ":one": 1 },
      ...(emoji !== null && { ":emoji": emoji }),
    }),
    ReturnValues: "ALL_OLD",
  };
}

/** Aborts a slow write: clients could already have read past the id of the change. A repeat of the frame uses a new id. */
const abortSlow = <Output>(write: (abortSignal: AbortSignal) => Promise<Output>): Promise<Output> =>
  abortAfter(STORE_MILLISECONDS_MAX, write);

function countsIn(item: Item, author: string): ReactionCounts {
  const { revision = 0, ...attributes } = unmarshall(item);
  const byAuthor = Object.entries(attributes).filter(([name]) => name.startsWith(AUTHOR));
  return countsOf(new Map(byAuthor), { author: reactionAttribute(author), revision });
}
