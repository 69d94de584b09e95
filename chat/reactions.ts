import { type FramePlace, isDeletion, isEdit, type LogEntry, type Message } from "./message.ts";
import type { Messages, Slice } from "./message-ports.ts";

/** How often each emoji was used for a message. */
export interface ReactionCounts {
  /** In a fixed order of the emojis. */
  readonly counts: readonly { readonly emoji: string; readonly count: number }[];
  /** The reaction of the author for whom the reactions were read. */
  readonly own?: string | undefined;
  /** Grows with each change: of two counts, the one with the higher revision is newer. */
  readonly revision: number;
}

/** The record of a change of the reactions to a message. A message has one, under the id of the latest change. */
export interface Reacted {
  /** A ULID: sorts by the time of the change. */
  readonly id: string;
  readonly channel: string;
  /** The id of the message. */
  readonly reacted: string;
}

/** An entry of a page of `history`. */
export type PageEntry = LogEntry | Reacted;

export const isReacted = (entry: PageEntry): entry is Reacted => "reacted" in entry;

type Target = Pick<Message, "channel" | "id">;

export interface Reaction extends Target {
  /** The user or the guest's connection, like the author of a message. An author has one reaction to a message. */
  readonly author: string;
  /** Null removes the reaction. */
  readonly emoji: string | null;
  /** The id of the record of this change. */
  readonly change: string;
}

type Revised = Pick<ReactionCounts, "revision">;

/** The reactions to the messages of channels. They expire with their messages. */
export interface Reactions {
  /**
   * Sets the reaction of an author, and the id of the record. Can be repeated. Resolves with the reactions to the message
   * after that, and the id of the former record, if there was another one.
   */
  set(reaction: Reaction): Promise<{ readonly reactions: ReactionCounts; readonly former?: string | undefined }>;
  /** Strongly consistent. Undefined if the message has never had a reaction. */
  get(target: Target, author: string): Promise<ReactionCounts | undefined>;
  /** The reactions to the messages with these ids and between them, by the id of the message. */
  between(range: {
    readonly channel: string;
    readonly first: string;
    readonly last: string;
    readonly author: string;
  }): Promise<ReadonlyMap<string, ReactionCounts>>;
  /** Deletes all reactions to a message. */
  remove(target: Target): Promise<void>;
  /** Adds the record of the change that led to a revision, unless a newer change has deleted it. Can be repeated. */
  record(change: Reacted & Revised): Promise<void>;
  /**
   * Deletes a record if it is older than the revision, which has its own record. A record that is not stored yet is then not
   * stored later. Can be repeated.
   */
  forget(change: Pick<Reacted, "id" | "channel"> & Revised): Promise<void>;
  /** Marks a change as delivered in its record. Has no effect if a newer change has deleted the record. Can be repeated. */
  settle(change: Pick<Reacted, "id" | "channel">): Promise<void>;
  /** Whether the latest change of the reactions to a message was delivered. Strongly consistent. */
  isSettled(target: Target): Promise<boolean>;
  /** The records in the order of their ids. Fewer than `limit`: there are no more. */
  records(slice: Omit<Slice, "latestFirst">): Promise<readonly Reacted[]>;
}

/** Together with `EMOJIS_MAX`, keeps the item of a message below 30 KB, and its counts below 1.3 KB of JSON. */
export const REACTIONS_MAX = 500;
export const EMOJIS_MAX = 20;

/** Counts the reactions of authors. */
export function countsOf(
  reactions: ReadonlyMap<string, string>,
  { author, revision }: { readonly author: string; readonly revision: number },
): ReactionCounts {
  const counts = new Map<string, number>();
  for (const emoji of reactions.values()) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  const own = reactions.get(author);
  const sorted = [...counts].map(([emoji, count]) => ({ emoji, count })).sort((a, b) => (a.emoji < b.emoji ? -1 : 1));
  return { counts: sorted, ...(own !== undefined && { own }), revision };
}

/** Merges a channel's log with the records of reactions, which have a separate partition. For entries after an id. */
export const withRecords = (messages: Pick<Messages, "read" | "get">, reactions: Pick<Reactions, "records">) => ({
  get: messages.get,
  async read(slice: Slice): Promise<readonly PageEntry[]> {
    const [log, records] = await Promise.all([messages.read(slice), reactions.records(slice)]);
    return [...log, ...records].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, slice.limit);
  },
});

/** Reads the reactions to all messages among entries with one query, and those to the messages of records one by one. */
export const reactionsReader =
  (
    { between, get }: Pick<Reactions, "between" | "get">,
    { channel, author }: { readonly channel: string; readonly author: string },
  ) =>
  async (entries: readonly PageEntry[]): Promise<ReadonlyMap<string, ReactionCounts>> => {
    const ids = entries.filter((each) => !isReacted(each) && !isDeletion(each) && !isEdit(each)).map(({ id }) => id);
    const [one = "", other = one] = [ids[0], ids.at(-1)];
    const [first, last] = one < other ? [one, other] : [other, one];
    const inRange = ids.length > 0 ? await between({ channel, first, last, author }) : new Map();
    const others = new Set(entries.filter(isReacted).map(({ reacted }) => reacted));
    const read = await Promise.all(
      [...others].filter((id) => !inRange.has(id)).map(async (id) => [id, await get({ channel, id }, author)] as const),
    );
    return new Map([...inRange, ...read.flatMap(([id, counts]) => (counts ? [[id, counts] as const] : []))]);
  };

/** The reactions to a message, with the id of the record of their latest change, and who made it. */
export const reactedFrame = <Place extends FramePlace>(
  place: Place,
  { id: change, reacted: id, by }: Reacted & { readonly by?: { readonly user: string; readonly emoji?: string } },
  reactions: ReactionCounts,
) => ({ type: "reacted", ...place, id, ...by, reactions, change }) as const;
