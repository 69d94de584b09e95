/** Where everybody is from the moment they connect. */
export const LOBBY = "lobby";

/** A part of a channel's audience that one query reads. */
export interface Shard {
  readonly channel: string;
  readonly shard: number;
}
