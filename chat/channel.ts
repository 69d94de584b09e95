/** Where everybody is from the moment they connect. It is there without being made. */
export const LOBBY = "lobby";

/** A part of a channel's audience that one query reads. */
export interface Shard {
  readonly channel: string;
  readonly shard: number;
}

export const LOBBY_SHARD: Shard = { channel: LOBBY, shard: 0 };

export const CHANNEL_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

export const CHANNELS_PER_CONNECTION_MAX = 50;

/** How long a channel stays in the directory after somebody joined it last. */
const CHANNEL_SECONDS = 30 * 24 * 60 * 60;

/** When a channel that is joined now may go, in epoch seconds. */
export const channelTtlSeconds = (now: number): number => Math.floor(now / 1000) + CHANNEL_SECONDS;

/** Whether a channel has to be stored again when somebody joins it: in the second half of its time, so not at every join. */
export const isAgeing = (ttl: number, now: number): boolean => ttl - now / 1000 < CHANNEL_SECONDS / 2;
