/** Where everybody is from the moment they connect. It is there without being made. */
export const LOBBY = "lobby";

/** A part of a channel's audience that one query reads. */
export interface Shard {
  readonly channel: string;
  readonly shard: number;
}

export const LOBBY_SHARD: Shard = { channel: LOBBY, shard: 0 };

/** About as many as a function reaches in a second. A channel whose newest shards hold more grows. */
export const SHARD_MEMBERS = 1_000;

/** Whether a shard is among those that the last growth added; the only one is, too. */
export const isNewest = (shard: number, shards: number): boolean => shard >= Math.floor(shards / 2);

/**
 * Where a newcomer goes: to one of the newest shards, `random` being from 0 to below 1. Older ones are full. They empty
 * as people leave, for members stay in the shard they joined.
 */
export function shardForNewcomer(shards: number, random: number): number {
  const oldest = Math.floor(shards / 2);
  return oldest + Math.floor(random * (shards - oldest));
}

export const CHANNEL_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

export const CHANNELS_PER_CONNECTION_MAX = 50;

/** How long a channel stays in the directory after somebody joined it last. */
const CHANNEL_SECONDS = 30 * 24 * 60 * 60;

/** When a channel that is joined now may go, in epoch seconds. */
export const channelTtlSeconds = (now: number): number => Math.floor(now / 1000) + CHANNEL_SECONDS;

/** Whether a channel has to be stored again when somebody joins it: in the second half of its time, so not at every join. */
export const isAgeing = (ttl: number, now: number): boolean => ttl - now / 1000 < CHANNEL_SECONDS / 2;
