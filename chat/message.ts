import { decodeTime } from "ulid";
import type { ServerFrameOf } from "./protocol.ts";

/** What somebody said in a channel. */
export interface Message {
  /** A ULID: sorts by the time it was made. */
  readonly id: string;
  readonly channel: string;
  readonly from: string;
  readonly data: string;
  /** The `id` of the frame that said it, where it had one: clients recognize their own messages by it. */
  readonly clientMessageId?: string | undefined;
  /** A moderator has taken back what was said: `data` is empty. */
  readonly deleted?: true;
}

/** The longest message text, in bytes of UTF-8: half of what API Gateway accepts in one frame. */
export const DATA_BYTES_MAX = 16_384;

/** How long a request with the same `id` counts as the same. */
export const REPEAT_SECONDS = 10 * 60;

/**
 * How far before its last id a client reads `history` again when it resumes. A message can become visible after one with
 * a later id: by `STORABLE_MILLISECONDS` and `STORE_MILLISECONDS_MAX`, and by the difference between two clocks, 10
 * seconds at most if each is off by up to 5. The other 5 seconds are for a write that takes effect after it was aborted.
 */
export const RESUME_WINDOW_MILLISECONDS = 30_000;

/** A function does not start to store a message under an older id. */
export const STORABLE_MILLISECONDS = 10_000;

/** A write that takes longer, the SDK's retries included, is aborted. */
export const STORE_MILLISECONDS_MAX = 5_000;

/** Epoch milliseconds. */
export const saidAt = ({ id }: Pick<Message, "id">): number => decodeTime(id);

/** When a stored message may go, in epoch seconds. */
export const messageTtlSeconds = (message: Pick<Message, "id">, retentionDays: number): number =>
  Math.floor(saidAt(message) / 1000) + retentionDays * 24 * 60 * 60;

export const messageFrame = (message: Message): ServerFrameOf<"message"> => ({
  type: "message",
  ...message,
  at: new Date(saidAt(message)).toISOString(),
});
