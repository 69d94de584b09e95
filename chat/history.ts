import { deletedFrame, type Edit, editedFrame, type FramePlace, isDeletion, isEdit, type Message } from "./message.ts";
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
type DeletedFrame<Place extends FramePlace> = ReturnType<typeof deletedFrame<Place>>;
type EditedFrame<Place extends FramePlace> = ReturnType<typeof editedFrame<Place>>;
type ReactedFrame<Place extends FramePlace> = ReturnType<typeof reactedFrame<Place>>;
type ChangeFrame<Place extends FramePlace> = DeletedFrame<Place> | EditedFrame<Place> | ReactedFrame<Place>;

interface Page<Frame, Place extends FramePlace> extends Pick<ServerFrameOf<"history">, "cursor"> {
  readonly messages: Frame[];
  readonly changes?: DeletedFrame<Place>[];
  readonly edits?: EditedFrame<Place>[];
  readonly reactions?: ReactedFrame<Place>[];
}

/** Reads the log of a channel, with or without the records of reactions. */
export interface LogReader extends Pick<Messages, "get"> {
  read(slice: Slice): Promise<readonly PageEntry[]>;
}

interface Range<Frame, Place> extends Omit<Slice, "latestFirst"> {
  /** The frame of a message for the reader of the page. */
  readonly frameOf: (message: Message) => Frame;
  /** Where the messages are, from the view of the reader. */
  readonly place: Place;
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
interface Reading<Frame, Place extends FramePlace> {
  readonly limit: number;
  readonly latestFirst: boolean;
  readonly frameOf: (message: Message) => Frame;
  readonly place: Place;
  readonly frames: (Frame | ChangeFrame<Place>)[];
  bytes: number;
  bytesOfLargest: number;
  skipped: number;
  /** The id of the last entry that was added or skipped. */
  end?: string;
}

type AnyReading = Reading<MessageFrame, FramePlace>;

/**
 * Reads a page of a channel's log: the entries after `after`, or else the latest messages before `before`. The messages
 * are oldest first. If there is no cursor, there are no more entries.
 */
export async function readPage<Frame extends MessageFrame, Place extends FramePlace>(
  { messages, reactionsOf = NO_REACTIONS }: PagePorts,
  { limit, frameOf, place, ...range }: Range<Frame, Place>,
): Promise<Page<Frame, Place>> {
  const latestFirst = range.after === undefined;
  const reading: Reading<Frame, Place> = {
    ...{ limit, latestFirst, frameOf, place },
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

const rangeLeft = ({ end, latestFirst }: AnyReading): Pick<Slice, "before" | "after"> =>
  end === undefined ? {} : { [latestFirst ? "before" : "after"]: end };

/** One entry more than `limit` shows whether there are more. Where changes were skipped, more of them can follow. */
function queryLimit({ limit, frames, bytes, skipped }: AnyReading): number {
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
function add<Frame extends MessageFrame, Place extends FramePlace>(
  reading: Reading<Frame, Place>,
  entry: PageEntry,
  current: Current,
): boolean {
  const frame = entryFrame(reading, entry, current);
  if (!frame) reading.skipped += 1;
  else if (!addFrame(reading, frame)) return false;
  reading.end = entry.id;
  return true;
}

/** Undefined if the entry is skipped: the latest messages already show all changes. */
function entryFrame<Frame, Place extends FramePlace>(
  { latestFirst, frameOf, place }: Reading<Frame, Place>,
  entry: PageEntry,
  { edited, reactions }: Current,
): Frame | ChangeFrame<Place> | undefined {
  if (isReacted(entry)) {
    const counts = reactions.get(entry.reacted);
    return counts && reactedFrame(place, entry, counts);
  }
  if (isDeletion(entry)) return latestFirst ? undefined : deletedFrame(place, entry);
  if (!isEdit(entry)) {
    const counts = reactions.get(entry.id);
    return { ...frameOf(entry), ...(counts && counts.counts.length > 0 && !entry.deleted && { reactions: counts }) };
  }
  const message = edited.get(entry.id);
  return message && editedFrame(place, entry.id, message);
}

function addFrame<Frame, Place extends FramePlace>(
  reading: Reading<Frame, Place>,
  frame: Frame | ChangeFrame<Place>,
): boolean {
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
const isWorthAnotherQuery = ({ bytes, bytesOfLargest, skipped }: AnyReading): boolean =>
  skipped < SKIPPED_MAX && (bytes < PAGE_BYTES_MAX / 2 || bytes + bytesOfLargest <= PAGE_BYTES_MAX);

/** Simultaneous reactions leave several records. The frame of the last one has the counts of all of them. */
function lastOfMessages<Frame extends { readonly id: string; readonly change: string }>(
  reacted: readonly Frame[],
): Frame[] {
  const changes = new Map(reacted.map(({ id, change }) => [id, change]));
  return reacted.filter(({ id, change }) => changes.get(id) === change);
}

function pageOf<Frame extends MessageFrame, Place extends FramePlace>(
  { frames, latestFirst, end }: Reading<Frame, Place>,
  { isLast }: { readonly isLast: boolean },
): Page<Frame, Place> {
  const messages = frames.filter((frame): frame is Frame => frame.type === "message" || frame.type === "direct");
  const changes = frames.filter((frame): frame is DeletedFrame<Place> => frame.type === "deleted");
  const edits = frames.filter((frame): frame is EditedFrame<Place> => frame.type === "edited");
  const reacted = frames.filter((frame): frame is ReactedFrame<Place> => frame.type === "reacted");
  const reactions = lastOfMessages(reacted);
  return {
    messages: latestFirst ? messages.reverse() : messages,
    ...(changes.length > 0 && { changes }),
    ...(edits.length > 0 && { edits }),
    ...(reactions.length > 0 && { reactions }),
    ...(!isLast && { cursor: { [latestFirst ? "before" : "after"]: end } }),
  };
}
