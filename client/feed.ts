import { decodeTime, encodeTime } from "ulid";
import type { ServerFrameOf } from "../chat/protocol.ts";
import type { Ports } from "./ports.ts";

export type Message = ServerFrameOf<"message">;

/** A message in its place. */
export interface Told {
  readonly message: Message;
  /** The message arrived after a later one had been told: it belongs further up. */
  readonly isLate: boolean;
}

export interface FeedOptions extends Pick<Ports, "after"> {
  readonly channel: string;
  /** Milliseconds. */
  readonly settle: number;
  readonly tell: (told: Told) => void;
}

/** Another function's clock, or a slow write, may put an older id behind a newer one. */
const OVERLAP_MILLISECONDS = 10_000;

/** How long a message may be pushed again: the chat recognizes a repeat for ten minutes. */
const REMEMBERED_MILLISECONDS = 15 * 60_000;

const FIRST_ID = "0".repeat(26);

const byId = (one: string, other: string): number => (one < other ? -1 : 1);

const lowestIdAt = (milliseconds: number): string => encodeTime(Math.max(0, milliseconds)) + "0".repeat(16);

/** The lowest id of a time before that of `id`. */
const earlier = (id: string, milliseconds: number): string => lowestIdAt(decodeTime(id) - milliseconds);

/**
 * The messages of a channel from the moment it was joined: each message once, in the order of the ids. A pushed message
 * waits a moment for older ones, and until a history that is being read has been read.
 */
export class Feed {
  readonly channel: string;
  readonly #options: FeedOptions;
  /** Ids of messages that were told, wait, or were deleted. */
  readonly #heard = new Set<string>();
  readonly #waiting = new Map<string, Message>();
  /** Pages also contain messages from before the join: older ids are reported only if they are pushed. */
  #joinedAt: string | undefined;
  /** Older ids have been removed from `#heard`. */
  #forgotten = FIRST_ID;
  #lastTold = FIRST_ID;
  /** The history has been read up to here; undefined before the join. */
  #readUpTo: string | undefined;
  #isHeld = true;
  #hasPast = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.channel = options.channel;
  }

  /** The lowest id of the time of the join; undefined before the join. */
  get joinedAt(): string | undefined {
    return this.#joinedAt;
  }

  /** The id after which the history has to be read; undefined before the join. */
  get readAfter(): string | undefined {
    return this.#readUpTo && earlier(this.#readUpTo, OVERLAP_MILLISECONDS);
  }

  /** Takes a message that was pushed. */
  hear(message: Message): void {
    if (this.#take(message)) this.#tellSoon(message);
  }

  /** Takes that a message was deleted, which may still wait, or arrive later. */
  drop(id: string): void {
    this.#waiting.delete(id);
    this.#heard.add(id);
  }

  /** Keeps what is pushed until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  /**
   * Starts at the time of the first acknowledged join. A later join does not move it: the messages between the two have
   * not been read yet.
   */
  start(joinedAt: string): void {
    this.#joinedAt ??= lowestIdAt(Date.parse(joinedAt));
    this.#readUpTo ??= this.#joinedAt;
  }

  get hasPast(): boolean {
    return this.#hasPast;
  }

  /** Reports messages from before the join. */
  past(messages: readonly Message[]): void {
    this.#hasPast = true;
    for (const message of messages) this.#take(message);
    this.#tellUpTo(messages.at(-1)?.id ?? FIRST_ID);
  }

  /** Takes a page of the history, and reports its messages together with pushed messages that belong before its end. */
  page(messages: readonly Message[]): void {
    const joinedAt = this.#joinedAt ?? FIRST_ID;
    for (const message of messages) if (message.id >= joinedAt) this.#take(message);
    const end = messages.at(-1)?.id ?? FIRST_ID;
    if (this.#readUpTo !== undefined && end > this.#readUpTo) this.#readUpTo = end;
    this.#tellUpTo(end);
  }

  release(): void {
    this.#isHeld = false;
    for (const message of this.#waiting.values()) this.#tellSoon(message);
  }

  /** Tells at once what still waits. */
  flush(): void {
    for (const id of [...this.#waiting.keys()].sort(byId)) this.#tellUpTo(id);
  }

  #take(message: Message): boolean {
    const { id } = message;
    if (id < this.#forgotten || this.#heard.has(id)) return false;
    this.#heard.add(id);
    this.#waiting.set(id, message);
    return true;
  }

  #tellSoon({ id }: Message): void {
    const { after, settle } = this.#options;
    after(settle, () => {
      if (!this.#isHeld) this.#tellUpTo(id);
    });
  }

  #tellUpTo(end: string): void {
    const due = [...this.#waiting.keys()].filter((id) => id <= end).sort(byId);
    for (const id of due) {
      const message = this.#waiting.get(id) as Message;
      this.#waiting.delete(id);
      this.#options.tell({ message, isLate: id < this.#lastTold });
      if (id > this.#lastTold) this.#lastTold = id;
    }
    if (due.length > 0) this.#forget();
  }

  /**
   * Never beyond what the history has been read up to: an id that a failed read leaves out is still to come. Trap: a Set
   * keeps the order of arrival, so old ids are at the front, except late ones that are removed a little later.
   */
  #forget(): void {
    const [old, read] = [earlier(this.#lastTold, REMEMBERED_MILLISECONDS), this.readAfter ?? FIRST_ID];
    const floor = old < read ? old : read;
    if (floor > this.#forgotten) this.#forgotten = floor;
    for (const id of this.#heard) {
      if (id >= this.#forgotten) break;
      this.#heard.delete(id);
    }
  }
}
