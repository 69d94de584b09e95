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

/** Before the name of a private channel, and of no other: an answer has nothing to look up, and so nothing to give away. */
const PRIVATE = "~";

export const CHANNEL_NAME = /^~?[a-z0-9][a-z0-9-]{0,63}$/;

export const isPrivate = (channel: string): boolean => channel.startsWith(PRIVATE);

/**
 * The private channel that a user calls so. `tag` is the user's own: no two users mean the same channel, so nobody learns
 * by making one that somebody else has it.
 */
export const privateName = (name: string, tag: string): string => (isPrivate(name) ? name : `${PRIVATE}${name}-${tag}`);

/** Whether a private channel is the user's whose tag this is. */
export const isMadeBy = (channel: string, tag: string): boolean => isPrivate(channel) && channel.endsWith(`-${tag}`);

export const CHANNELS_PER_CONNECTION_MAX = 50;

/** How long a channel stays in the directory after somebody joined it last. */
const CHANNEL_SECONDS = 30 * 24 * 60 * 60;

/** When a channel that is joined now may go, in epoch seconds. */
export const channelTtlSeconds = (now: number): number => Math.floor(now / 1000) + CHANNEL_SECONDS;

/** Whether a channel has to be stored again when somebody joins it: in the second half of its time, so not at every join. */
export const isAgeing = (ttl: number, now: number): boolean => ttl - now / 1000 < CHANNEL_SECONDS / 2;
