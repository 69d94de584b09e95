import { decodeTime, encodeTime } from "ulid";
import type { ServerFrameOf } from "../chat/protocol.ts";
import type { Ports } from "./ports.ts";

export type Message = ServerFrameOf<"message">;

/** A message in its place. */
export interface Told {
  readonly message: Message;
  /** It was only heard of after a later one had been told: it belongs further up. */
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

/** For so long a message may come again: a repeat is known for ten minutes. */
const REMEMBERED_MILLISECONDS = 15 * 60_000;

const FIRST_ID = "0".repeat(26);

/** The lowest id of so many milliseconds earlier. */
const earlier = (id: string, milliseconds: number): string =>
  encodeTime(Math.max(0, decodeTime(id) - milliseconds)) + "0".repeat(16);

/**
 * What is said in a channel, from the moment it was joined: each message once, in the order of their ids. What comes
 * live waits a moment for older messages, and until a history that is being read has been read.
 */
export class Feed {
  readonly channel: string;
  /** The last message of this user's own that the chat has acknowledged. */
  lastOwn: string | undefined;
  readonly #options: FeedOptions;
  /** Who said what has been heard, by id. */
  readonly #heard = new Map<string, string>();
  readonly #waiting = new Map<string, Message>();
  /** Up to here, it is somebody else's past, or so old that it has been told. */
  #floor = FIRST_ID;
  #lastTold = FIRST_ID;
  /** Up to here the history has been read; undefined when there was none yet. */
  #readUpTo: string | undefined;
  #isHeld = true;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.channel = options.channel;
  }

  /** After which id the history has to be read; undefined at the beginning, when its end is enough. */
  get readAfter(): string | undefined {
    return this.#readUpTo && earlier(this.#readUpTo, OVERLAP_MILLISECONDS);
  }

  sayerOf(id: string): string | undefined {
    return this.#heard.get(id);
  }

  /** Takes a message that came live. */
  hear(message: Message): void {
    if (this.#take(message)) this.#tellSoon(message);
  }

  /** Takes that a message was deleted, which may still wait, or come later. */
  drop(id: string): void {
    this.#waiting.delete(id);
    this.#heard.set(id, this.#heard.get(id) ?? "");
  }

  /** Keeps what comes live until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Takes the end of the history, of which the last messages are told. All before is somebody else's past. */
  begin(messages: readonly Message[], { told, isAll }: { readonly told: number; readonly isAll: boolean }): void {
    if (!isAll) this.#floor = messages[0]?.id ?? FIRST_ID;
    for (const { id, from } of messages.slice(0, Math.max(0, messages.length - told))) this.#heard.set(id, from);
    this.#readUpTo = FIRST_ID;
    this.page(messages);
  }

  /** Takes a page of the history. What came live and belongs before its end is told with it. */
  page(messages: readonly Message[]): void {
    for (const message of messages) this.#take(message);
    const end = messages.at(-1)?.id ?? FIRST_ID;
    if (this.#readUpTo === undefined || end > this.#readUpTo) this.#readUpTo = end;
    this.#tellUpTo(end);
  }

  release(): void {
    this.#isHeld = false;
    for (const message of this.#waiting.values()) this.#tellSoon(message);
  }

  /** Tells at once what still waits. */
  flush(): void {
    for (const id of [...this.#waiting.keys()]) this.#tellUpTo(id);
  }

  #take(message: Message): boolean {
    const { id, from } = message;
    if (id < this.#floor || this.#heard.has(id)) return false;
    this.#heard.set(id, from);
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
    const due = [...this.#waiting.keys()].filter((id) => id <= end).sort((one, other) => (one < other ? -1 : 1));
    for (const id of due) {
      const message = this.#waiting.get(id) as Message;
      this.#waiting.delete(id);
      this.#options.tell({ message, isLate: id < this.#lastTold });
      if (id > this.#lastTold) this.#lastTold = id;
    }
    if (due.length > 0) this.#forget();
  }

  /** Trap: Map keeps the order of coming, so old ones are at the front, but for late ones that go a little later. */
  #forget(): void {
    const floor = earlier(this.#lastTold, REMEMBERED_MILLISECONDS);
    if (floor > this.#floor) this.#floor = floor;
    for (const id of this.#heard.keys()) {
      if (id >= this.#floor) return;
      this.#heard.delete(id);
    }
  }
}
