/** Where everybody is from the moment they connect. It is there without being made. */
export const LOBBY = "lobby";

/** A part of a channel's audience that one query reads. */
export interface Shard {
  readonly channel: string;
  readonly shard: number;
}

export const LOBBY_SHARD: Shard = { channel: LOBBY, shard: 0 };

/** About as many as a function reaches in a second. A channel with more members in a shard grows. */
export const SHARD_MEMBERS = 1_000;

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

/** How long a channel is stored after the last `join`. */
const CHANNEL_SECONDS = 30 * 24 * 60 * 60;

/** When a channel that is joined now may expire, in epoch seconds. */
export const channelTtlSeconds = (now: number): number => Math.floor(now / 1000) + CHANNEL_SECONDS;

/**
 * Whether a `join` has to store the channel again: only in the second half of its time, so at most every 15 days. A
 * channel therefore outlives its last `join` by at least 15 days, and its members by more than 14: nobody is in a channel
 * that expires.
 */
export const isAgeing = (ttl: number, now: number): boolean => ttl - now / 1000 < CHANNEL_SECONDS / 2;
