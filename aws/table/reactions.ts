import { createHash } from "node:crypto";
import type { AttributeValue, UpdateItemInput } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { messageTtlSeconds, oldestKeptId, STORE_MILLISECONDS_MAX } from "../../chat/message.ts";
import type { Now } from "../../chat/ports.ts";
import { countsOf, type Reaction, type ReactionCounts, type Reactions } from "../../chat/reactions.ts";
import { abortAfter } from "../runtime.ts";
import { reactedKey, reactionsKey } from "./keys.ts";
import { boundsOf } from "./messages.ts";
import { ifConditionHolds, isLive, queryPages, type Table } from "./table.ts";

/**
 * The reactions to a message are one item, with an attribute for each author: an update of one attribute can be repeated,
 * which a counter cannot. The name of the attribute has a digest, so that its length is limited and the item has no names.
 */
const AUTHOR = "by-";
/** The attribute with the reaction of an author. */
export const reactionAttribute = (author: string): string =>
  AUTHOR + createHash("sha256").update(author).digest("base64url").slice(0, 16);

type Item = Record<string, AttributeValue>;

export const reactions = (
  table: Table,
  { now, retentionDays }: { readonly now: Now; readonly retentionDays: number },
): Reactions => ({
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
    // The client repeats an update whose answer was lost, and then gets its own change as the former one.
    return { reactions: countsIn(item, author), ...(last !== undefined && last !== change && { former: last }) };
  },

  async get(target, author) {
    const { Item } = await table.send("GetItem", {
      TableName: table.name,
      Key: marshall(reactionsKey(target)),
      ConsistentRead: true,
    });
    return Item && isLive(Item, now) ? countsIn(Item, author) : undefined;
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
    await table.send("DeleteItem", { TableName: table.name, Key: marshall(reactionsKey(target)) });
  },

  async record({ id, channel, reacted: message, revision }) {
    const ttl = messageTtlSeconds({ id: message }, retentionDays);
    const input = { TableName: table.name, Item: marshall({ ...reactedKey({ channel, id }), message, revision, ttl }) };
    await abortSlow((abortSignal) => table.send("PutItem", input, { abortSignal }));
  },

  async forget({ revision, ...change }) {
    const input = {
      TableName: table.name,
      Key: marshall(reactedKey(change)),
      // If the answer of an update is lost, its repeat makes a newer revision of the same change.
      ConditionExpression: "revision < :revision",
      ExpressionAttributeValues: marshall({ ":revision": revision }),
    };
    await ifConditionHolds(table.send("DeleteItem", input));
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
      const records = Items.filter((item) => isLive(item, now)).map((item) => unmarshall(item));
      found.push(...records.map(({ sk: id, message }) => ({ id, channel, reacted: message })));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  },
});

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
