import { deletedFrame, type Edit, editedFrame, isDeletion, isEdit, type Message } from "./message.ts";
import type { Messages, Slice } from "./message-ports.ts";
import type { ServerFrameOf } from "./protocol/client-frames.ts";
import { isReacted, type PageEntry, type ReactionCounts, reactedFrame } from "./reactions.ts";

/** Leaves room for the rest of the answer: API Gateway meters a message by 32 KB. https://aws.amazon.com/api-gateway/pricing/ */
const PAGE_BYTES_MAX = 30_000;

/**
 * DynamoDB bills every item that a query reads, and a message has up to 16 KB. So the first query is small, and each
 * further one is sized by the entries that have been read. It is limited because later entries can be longer. With these
 * values, 50 short messages take three queries and 100 take four.
 */
const FIRST_QUERY = 2;
const GROWTH_MAX = 5;
const QUERY_MAX = 45;

/** The number of records of changes that a page can skip, so that a query for the latest messages ends after a purge. */
const SKIPPED_MAX = 100;

type MessageFrame = ServerFrameOf<"message" | "direct">;
type ChangeFrame = ServerFrameOf<"deleted" | "edited" | "reacted">;

interface Page<Frame> extends Pick<ServerFrameOf<"history">, "changes" | "edits" | "reactions" | "cursor"> {
  messages: Frame[];
}

/** Reads the log of a channel, with or without the records of reactions. */
export interface LogReader extends Pick<Messages, "get"> {
  read(slice: Slice): Promise<readonly PageEntry[]>;
}

interface Range<Frame> extends Omit<Slice, "latestFirst"> {
  /** The frame of a message for the reader of the page. */
  readonly frameOf: (message: Message) => Frame;
}

export interface PagePorts {
  readonly messages: LogReader;
  /** Reads the reactions to the messages of entries. Undefined: the page has no reactions. */
  readonly reactionsOf?: ReactionsReader | undefined;
}

type ReactionsReader = (entries: readonly PageEntry[]) => Promise<ReadonlyMap<string, ReactionCounts>>;

/** What entries refer to, as it is now. */
interface Current {
  /** Edited messages, by the id of the edit's record. */
  readonly edited: ReadonlyMap<string, Message>;
  /** By the id of the message. */
  readonly reactions: ReadonlyMap<string, ReactionCounts>;
}

/** What has been read of a page. */
interface Reading<Frame> {
  readonly limit: number;
  readonly latestFirst: boolean;
  readonly frameOf: (message: Message) => Frame;
  readonly frames: (Frame | ChangeFrame)[];
  bytes: number;
  bytesOfLargest: number;
  skipped: number;
  /** The id of the last entry that was added or skipped. */
  end?: string;
}

/**
 * Reads a page of a channel's log: the entries after `after`, or else the latest messages before `before`. The messages
 * are oldest first. If there is no cursor, there are no more entries.
 */
export async function readPage<Frame extends MessageFrame>(
  { messages, reactionsOf = NO_REACTIONS }: PagePorts,
  { limit, frameOf, ...range }: Range<Frame>,
): Promise<Page<Frame>> {
  const latestFirst = range.after === undefined;
  const reading: Reading<Frame> = {
    ...{ limit, latestFirst, frameOf },
    frames: [],
    bytes: 0,
    bytesOfLargest: 0,
    skipped: 0,
  };
  for (;;) {
    const query = { ...range, ...rangeLeft(reading), limit: queryLimit(reading), latestFirst };
    const found = await messages.read(query);
    const [edited, reactions] = await Promise.all([
      latestFirst ? NOTHING_EDITED : readEdited(messages, found),
      reactionsOf(found),
    ]);
    if (!found.every((entry) => add(reading, entry, { edited, reactions }))) return pageOf(reading, { isLast: false });
    if (found.length < query.limit) return pageOf(reading, { isLast: true });
    if (!isWorthAnotherQuery(reading)) return pageOf(reading, { isLast: false });
  }
}

const rangeLeft = ({ end, latestFirst }: Reading<MessageFrame>): Pick<Slice, "before" | "after"> =>
  end === undefined ? {} : { [latestFirst ? "before" : "after"]: end };

/** One entry more than `limit` shows whether there are more. Where changes were skipped, more of them can follow. */
function queryLimit({ limit, frames, bytes, skipped }: Reading<MessageFrame>): number {
  const read = frames.length + skipped;
  const wanted = limit + 1 - frames.length + skipped;
  if (read === 0) return Math.min(FIRST_QUERY, wanted);
  const fitting = bytes === 0 ? wanted : Math.floor(((PAGE_BYTES_MAX - bytes) * frames.length) / bytes);
  return Math.max(1, Math.min(fitting, wanted, read * GROWTH_MAX, QUERY_MAX));
}

const NOTHING_EDITED: Current["edited"] = new Map();
const NO_REACTIONS: ReactionsReader = async () => new Map();

/** Of several edits of a message, only the last one gets the message, which has the text of all of them. */
async function readEdited(messages: LogReader, found: readonly PageEntry[]): Promise<Current["edited"]> {
  const edits = found.filter((entry): entry is Edit => !isReacted(entry) && isEdit(entry));
  const lastEdits = new Map(edits.map((edit) => [edit.edited, edit]));
  const read = await Promise.all(
    [...lastEdits.values()].map(async ({ id, channel, edited }) => {
      const message = await messages.get({ channel, id: edited });
      return message && !message.deleted ? [[id, message] as const] : [];
    }),
  );
  return new Map(read.flat());
}

/** Adds an entry to the page. Returns false if the page has no room for it. A single entry always has room. */
function add<Frame extends MessageFrame>(reading: Reading<Frame>, entry: PageEntry, current: Current): boolean {
  const frame = entryFrame(reading, entry, current);
  if (!frame) reading.skipped += 1;
  else if (!addFrame(reading, frame)) return false;
  reading.end = entry.id;
  return true;
}

/** Undefined if the entry is skipped: the latest messages already show all changes. */
function entryFrame<Frame>(
  { latestFirst, frameOf }: Reading<Frame>,
  entry: PageEntry,
  { edited, reactions }: Current,
): Frame | ChangeFrame | undefined {
  if (isReacted(entry)) {
    const counts = reactions.get(entry.reacted);
    return counts && reactedFrame(entry, counts);
  }
  if (isDeletion(entry)) return latestFirst ? undefined : deletedFrame(entry);
  if (!isEdit(entry)) {
    const counts = reactions.get(entry.id);
    return { ...frameOf(entry), ...(counts && counts.counts.length > 0 && !entry.deleted && { reactions: counts }) };
  }
  const message = edited.get(entry.id);
  return message && editedFrame(entry.id, message);
}

function addFrame<Frame>(reading: Reading<Frame>, frame: Frame | ChangeFrame): boolean {
  const { limit, frames } = reading;
  const bytes = Buffer.byteLength(JSON.stringify(frame)) + 1;
  const hasRoom = frames.length === 0 || (frames.length < limit && reading.bytes + bytes <= PAGE_BYTES_MAX);
  if (!hasRoom) return false;
  frames.push(frame);
  reading.bytes += bytes;
  reading.bytesOfLargest = Math.max(reading.bytesOfLargest, bytes);
  return true;
}

/** If an entry as large as the largest does not fit into what is left, another query would be wasted. */
const isWorthAnotherQuery = ({ bytes, bytesOfLargest, skipped }: Reading<MessageFrame>): boolean =>
  skipped < SKIPPED_MAX && (bytes < PAGE_BYTES_MAX / 2 || bytes + bytesOfLargest <= PAGE_BYTES_MAX);

/** Simultaneous reactions leave several records. The frame of the last one has the counts of all of them. */
function lastOfMessages(reacted: readonly ServerFrameOf<"reacted">[]): ServerFrameOf<"reacted">[] {
  const changes = new Map(reacted.map(({ id, change }) => [id, change]));
  return reacted.filter(({ id, change }) => changes.get(id) === change);
}

function pageOf<Frame extends MessageFrame>(
  { frames, latestFirst, end }: Reading<Frame>,
  { isLast }: { readonly isLast: boolean },
): Page<Frame> {
  const messages = frames.filter((frame): frame is Frame => frame.type === "message" || frame.type === "direct");
  const changes = frames.filter((frame) => frame.type === "deleted");
  const edits = frames.filter((frame) => frame.type === "edited");
  const reactions = lastOfMessages(frames.filter((frame) => frame.type === "reacted"));
  return {
    messages: latestFirst ? messages.reverse() : messages,
    ...(changes.length > 0 && { changes }),
    ...(edits.length > 0 && { edits }),
    ...(reactions.length > 0 && { reactions }),
    ...(!isLast && { cursor: { [latestFirst ? "before" : "after"]: end } }),
  };
}
