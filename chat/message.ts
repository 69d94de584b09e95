import { decodeTime, encodeTime } from "ulid";

/** A message in a channel. */
export interface Message {
  /** A ULID: sorts by the time it was made. */
  readonly id: string;
  /** For a direct message, the log of its conversation. */
  readonly channel: string;
  readonly from: string;
  readonly data: string;
  /** The `id` of the client's frame, if it had one: clients recognize their own messages by it. */
  readonly clientMessageId?: string | undefined;
  /** A backend published the message, so `from` is not the name of a user. */
  readonly publisher?: true | undefined;
  /** The id of the message that this one replies to. That message may be deleted, expired or unknown. */
  readonly replyTo?: string | undefined;
  /** The names of the mentioned users, as the sender wrote them. */
  readonly mentions?: readonly string[] | undefined;
  /** The message was deleted: `data` is empty. */
  readonly deleted?: true;
  /** Who can edit and delete the message. Stored only where `ownMessageMinutes` is set, and never sent to clients. */
  readonly author?: string | undefined;
  /** The id of the latest edit, a ULID: sorts by the time at which API Gateway received the edit. */
  readonly edit?: string | undefined;
  /** A digest of the frame with the latest edit, by which a repeat is recognized. */
  readonly editDigest?: string | undefined;
  /** Earlier texts, oldest first. Only moderators receive them. */
  readonly versions?: readonly Version[] | undefined;
}

/** A message with an edit. */
export interface EditedMessage extends Message {
  readonly edit: string;
  readonly editDigest: string;
  readonly versions: readonly Version[];
}

/** An earlier text of a message. */
export interface Version {
  readonly data: string;
  /** A digest of the frame with the edit that set the text. The first text has none. */
  readonly editDigest?: string | undefined;
}

/**
 * The record of a deletion. It is in the channel's log under an id of its own, so that a client that was away finds it
 * after the last id it has read, however old the deleted message is.
 */
export interface Deletion {
  /** A ULID: sorts by the time of the deletion. */
  readonly id: string;
  readonly channel: string;
  /** The id of the deleted message. */
  readonly message: string;
  /** The user who deleted it. */
  readonly by: string;
}

/**
 * The record of an edit, in the channel's log like the record of a deletion. It has no text, so that deleting a message
 * does not require changing its records.
 */
export interface Edit {
  /** A ULID: sorts by the time at which the edit was recorded. */
  readonly id: string;
  readonly channel: string;
  /** The id of the edited message. */
  readonly edited: string;
}

/** An entry of a channel's log. */
export type LogEntry = Message | Deletion | Edit;

export const isDeletion = (entry: LogEntry): entry is Deletion => "message" in entry;

export const isEdit = (entry: LogEntry): entry is Edit => "edited" in entry;

/** The longest message text, in bytes of UTF-8: half of what API Gateway accepts in one frame. */
export const DATA_BYTES_MAX = 16_384;

/** The longest message text as JSON, in which a control character takes six bytes: as long as a client's frame. */
const DATA_JSON_BYTES_MAX = 32_768;

/** For a text that did not arrive in a client's frame. With a longer one, a page of `history` could exceed a frame. */
export const fitsInFrame = (data: string): boolean =>
  Buffer.byteLength(data) <= DATA_BYTES_MAX && Buffer.byteLength(JSON.stringify(data)) <= DATA_JSON_BYTES_MAX;

/** How long a frame with the same `id` counts as a repeat. */
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

/** When the message was sent, in epoch milliseconds. */
export const sentAt = ({ id }: Pick<Message, "id">): number => decodeTime(id);

const SECONDS_PER_DAY = 24 * 60 * 60;

/** When a stored message expires, in epoch seconds. */
export const messageTtlSeconds = (message: Pick<Message, "id">, retentionDays: number): number =>
  Math.floor(sentAt(message) / 1000) + retentionDays * SECONDS_PER_DAY;

/** The lowest id that a message can have which has not expired at `now`, in epoch milliseconds. */
export const oldestKeptId = (now: number, retentionDays: number): string =>
  encodeTime(Math.max(0, Math.floor(now / 1000) - retentionDays * SECONDS_PER_DAY + 1) * 1000) + "0".repeat(16);

/** Without the author and the earlier versions, which not every client may see. */
export const messageFrame = ({ author, editDigest, versions, ...message }: Message) =>
  ({ type: "message", ...message, at: timeOf(message.id) }) as const;

/** A direct message to this user. */
export const directFrame = (message: Message, to: string) => {
  const { channel, mentions, type, ...sent } = messageFrame(message);
  return { type: "direct", to, ...sent } as const;
};

/** The frame for a moderator. */
export const moderatorMessageFrame = (message: Message) => ({
  ...messageFrame(message),
  ...(message.versions && { versions: message.versions.map(({ data }) => data) }),
});

const timeOf = (id: string): string => new Date(sentAt({ id })).toISOString();

/** The channel of a changed message, or the other side of its conversation from the view of the recipient. */
export type FramePlace =
  | { readonly channel: string }
  | { readonly direct: string; readonly publisher?: true | undefined };

export const deletedFrame = <Place extends FramePlace>(place: Place, { id: change, message: id, by }: Deletion) =>
  ({ type: "deleted", ...place, id, by, change }) as const;

/** An edited message, with the id of the edit's record. */
export const editedFrame = <Place extends FramePlace>(place: Place, change: string, { id, data, edit = id }: Message) =>
  ({ type: "edited", ...place, id, data, edit, change }) as const;
