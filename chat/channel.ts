/** The channel that every connection joins when it opens. It always exists. */
export const LOBBY = "lobby";

/** A part of a channel's members that one query reads. */
export interface Shard {
  readonly channel: string;
  readonly shard: number;
}

export const LOBBY_SHARD: Shard = { channel: LOBBY, shard: 0 };

/** About as many as a function pushes to in a second. A channel with more members in a shard gets more shards. */
export const SHARD_MEMBERS = 1_000;

/**
 * The prefix of private channels, which public ones cannot have. An error therefore needs no lookup, and its response time
 * reveals nothing.
 */
const PRIVATE = "~";

export const CHANNEL_NAME = /^~?[a-z0-9][a-z0-9-]{0,63}$/;

export const isPrivate = (channel: string): boolean => channel.startsWith(PRIVATE);

/**
 * The full name of a user's private channel. `tag` is unique to the user, so two users never share a full name, and
 * creating a channel does not reveal that another user has one with the same short name.
 */
export const privateName = (name: string, tag: string): string => (isPrivate(name) ? name : `${PRIVATE}${name}-${tag}`);

/** Whether the user with this tag created the private channel. */
export const isOwnedBy = (channel: string, tag: string): boolean => isPrivate(channel) && channel.endsWith(`-${tag}`);

/** The prefix of the logs of conversations. */
export const CONVERSATION = "DIRECT#";

/**
 * The name under which the messages of a conversation are stored. Names of channels cannot have a `#`, so a frame for a
 * channel cannot access a conversation.
 */
export const conversationLog = (pair: string): string => CONVERSATION + pair;

export const CHANNELS_PER_CONNECTION_MAX = 50;

/** Every connection also joins the lobby. */
export const LASTING_CHANNELS_MAX = CHANNELS_PER_CONNECTION_MAX - 1;

/** How long a channel is stored after the last `join`. */
const CHANNEL_SECONDS = 30 * 24 * 60 * 60;

/** The TTL of a channel that is joined now, in epoch seconds. */
export const channelTtlSeconds = (now: number): number => Math.floor(now / 1000) + CHANNEL_SECONDS;

/**
 * Whether a `join` must store the channel again: only in the second half of its TTL, which is at most every 15 days. A
 * channel therefore exists for at least 15 days after its last `join`, and a connection ends after two hours, so a channel
 * never expires while it has members.
 */
export const isAgeing = (ttl: number, now: number): boolean => ttl - now / 1000 < CHANNEL_SECONDS / 2;
