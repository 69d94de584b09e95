import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { channelTtlSeconds, isAgeing, isPrivate, LOBBY } from "../../chat/channel.ts";
import { type Growth, type Growths, grow, growthAt, isGrowthDue } from "../../chat/fan-out/growth.ts";
import type { Channels, Now } from "../../chat/ports.ts";
import { channelKey, DIRECTORY, directoryKey } from "./keys.ts";
import { ifConditionHolds, isLive, liveFilter, queryPages, secondsOf, type Table } from "./table.ts";

/** A channel's item as it is stored. */
export interface StoredChannel {
  readonly isLive: boolean;
  /** Undefined if the item never expires. */
  readonly ttl: number | undefined;
  readonly growths: Growths;
  /** Counts the changes of the growths. */
  readonly changes: number;
  /** Whether an earlier version of the chat has grown the channel. Such a growth does not end. */
  readonly isOld: boolean;
}

/**
 * The item of each channel. It expires 30 days after the last `join`, and its time is stored again only in the second half
 * of that. The lobby's item never expires: its members do not `join`, and delivery depends on its growths.
 */
export function channelItems(table: Table, now: Now) {
  const itemOf = (channel: string) => ({ TableName: table.name, Key: marshall(channelKey(channel)) });

  /** Writes a TTL beside the growths; undefined removes it. */
  const writeTtl = (channel: string, ttl?: number): Promise<unknown> =>
    table.send("UpdateItem", {
      ...itemOf(channel),
      UpdateExpression: ttl === undefined ? "REMOVE #ttl" : "SET #ttl = :ttl",
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ...(ttl !== undefined && { ExpressionAttributeValues: marshall({ ":ttl": ttl }) }),
    });

  const putInDirectory = (channel: string, ttl: number): Promise<unknown> =>
    table.send("PutItem", { TableName: table.name, Item: marshall({ ...directoryKey(channel), ttl }) });

  return {
    async read(channel: string, { ConsistentRead = false } = {}): Promise<StoredChannel> {
      const { Item } = await table.send("GetItem", { ...itemOf(channel), ConsistentRead });
      return storedChannel(channel, Item, now);
    },

    /** Renews the TTL, so that a channel does not expire while it is in use. */
    async keep(channel: string, { isLive, ttl }: StoredChannel): Promise<void> {
      if (channel === LOBBY) {
        // An earlier version gave the lobby a TTL.
        if (ttl !== undefined) await writeTtl(channel);
        return;
      }
      if (isLive && !isAgeing(ttl ?? 0, now())) return;
      const next = channelTtlSeconds(now());
      await Promise.all([writeTtl(channel, next), isPrivate(channel) || putInDirectory(channel, next)]);
    },

    /** False if another function has changed the growths since they were read. */
    async writeGrowths(channel: string, { changes }: StoredChannel, growths: Growths): Promise<boolean> {
      const isLobby = channel === LOBBY;
      const ttl = isLobby ? " REMOVE #ttl" : ", #ttl = if_not_exists(#ttl, :ttl)";
      const input = {
        ...itemOf(channel),
        UpdateExpression: `SET growths = :growths, shards = :shards, changes = :next${ttl}`,
        ConditionExpression: changes > 0 ? "changes = :changes" : "attribute_not_exists(changes)",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: marshall({
          // An earlier version reads `shards` alone: during a deployment, and after a rollback.
          ...{ ":growths": growths, ":shards": largestOf(growths), ":next": changes + 1 },
          ...(changes > 0 && { ":changes": changes }),
          ...(!isLobby && { ":ttl": channelTtlSeconds(now()) }),
        }),
      };
      return (await ifConditionHolds(table.send("UpdateItem", input))) !== undefined;
    },
  };
}

/** The channel in an item. Undefined if the item does not exist. */
export function storedChannel(channel: string, found: Record<string, AttributeValue> = {}, now: Now): StoredChannel {
  const isAlive = channel === LOBBY || isLive(found, now);
  // Saves time: most channels have never grown, and a handshake can read 50 of them.
  if (!found.shards)
    return { ttl: found.ttl && Number(found.ttl.N), changes: 0, growths: {}, isOld: false, isLive: isAlive };
  const { ttl, changes = 0, ...item } = unmarshall(found);
  return { ttl, changes, growths: growthsOf(item, now), isOld: isOld(item), isLive: isAlive };
}

/** Whether `open` would write the channel. */
export const isDue = (channel: string, { isLive, isOld, ttl }: StoredChannel, now: Now): boolean =>
  isOld || (channel === LOBBY ? ttl !== undefined : !isLive || isAgeing(ttl ?? 0, now()));

type Item = Record<string, unknown>;

const largestOf = (growths: Growths): number => Math.max(1, ...Object.keys(growths).map(Number));

/** This version stores the largest growth as `shards`, so a larger number is from an earlier version. */
const isOld = ({ shards = 1, growths = {} }: Item): boolean => Number(shards) > largestOf(growths as Growths);

/**
 * The growths in a channel's item. A growth of an earlier version has no time: it is always about to end, until `open` or
 * `grow` stores it with a time.
 */
const growthsOf = (item: Item, now: Now): Growths => ({
  ...(item.growths as Growths | undefined),
  ...(isOld(item) && { [String(item.shards)]: secondsOf(now) + 1 }),
});

/** Undefined if the channel has never grown. */
export const growthIn = (item: Item, now: Now): Growth | undefined =>
  item.shards === undefined ? undefined : growthAt(growthsOf(item, now), now());

/** Several functions can try to grow a channel at the same time. */
const GROW_ATTEMPTS_MAX = 4;

/** Channels, one item each in the partition of their members, and one in the directory unless the channel is private. */
export const channels = (table: Table, now: Now): Channels => {
  const items = channelItems(table, now);
  return {
    async open(channel) {
      const stored = await items.read(channel);
      await items.keep(channel, stored);
      const { newcomers } = growthAt(stored.growths, now());
      if (stored.isOld) await items.writeGrowths(channel, stored, grow(stored.growths, newcomers, now()));
      return newcomers;
    },

    async shardsOf(channel) {
      const { growths, isLive } = await items.read(channel);
      return isLive ? growthAt(growths, now()).shards : undefined;
    },

    async grow(channel, shards) {
      for (let attempt = 0; attempt < GROW_ATTEMPTS_MAX; attempt += 1) {
        const stored = await items.read(channel, { ConsistentRead: true });
        if (!isGrowthDue(growthAt(stored.growths, now()), shards)) return;
        if (await items.writeGrowths(channel, stored, grow(stored.growths, shards, now()))) return;
      }
      throw new Error(`Other functions changed the shards of the channel "${channel}" ${GROW_ATTEMPTS_MAX} times.`);
    },

    async list({ after, limit }) {
      const live = liveFilter(now);
      const query = {
        TableName: table.name,
        KeyConditionExpression: "pk = :pk",
        ...live,
        ExpressionAttributeValues: { ...live.ExpressionAttributeValues, ":pk": { S: DIRECTORY } },
        ...(after !== undefined && { ExclusiveStartKey: marshall(directoryKey(after)) }),
        Limit: limit,
      };
      const names: string[] = [];
      for await (const { Items = [] } of queryPages(table, query)) {
        names.push(...Items.map((item) => unmarshall(item).sk));
        if (names.length >= limit) break;
      }
      return names.slice(0, limit);
    },
  };
};
