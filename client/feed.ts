import { decodeTime, encodeTime } from "ulid";
import { RESUME_WINDOW_MILLISECONDS } from "../chat/message.ts";
import type { ServerFrameOf } from "../chat/protocol.ts";
import type { Ports } from "./ports.ts";

export type Message = ServerFrameOf<"message">;
export type Deletion = ServerFrameOf<"deleted">;

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
  /** Called for each deletion once, also for messages that were not told. */
  readonly tellDeletion: (deletion: Deletion) => void;
}

/** How long a message may be pushed again: the chat recognizes a repeat for ten minutes. */
const REMEMBERED_MILLISECONDS = 15 * 60_000;

const FIRST_ID = "0".repeat(26);

const byId = (one: string, other: string): number => (one < other ? -1 : 1);

/** The lowest id of so many milliseconds earlier. */
const earlier = (id: string, milliseconds: number): string =>
  encodeTime(Math.max(0, decodeTime(id) - milliseconds)) + "0".repeat(16);

/**
 * The messages of a channel from the moment it was joined: each message once, in the order of the ids. A pushed message
 * waits a moment for older ones, and until a history that is being read has been read.
 */
export class Feed {
  readonly channel: string;
  readonly #options: FeedOptions;
  /** Ids of messages that were told, wait, or were deleted, and of the deletions. */
  readonly #heard = new Set<string>();
  readonly #waiting = new Map<string, Message>();
  /**
   * Ids on the first page that were not told. They were said before the join, or while the page was read: only a push
   * distinguishes the two, so a page does not tell them, and a push does.
   */
  readonly #past = new Set<string>();
  /** A page with an older message shows what was said before the join. */
  #pageFloor = FIRST_ID;
  /** Older ids have been removed from `#heard`. */
  #forgotten = FIRST_ID;
  #lastTold = FIRST_ID;
  /** The history has been read up to here; undefined before the first page. */
  #readUpTo: string | undefined;
  #isHeld = true;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.channel = options.channel;
  }

  /** The id after which the history has to be read; undefined before the first page, which is the end of the history. */
  get readAfter(): string | undefined {
    return this.#readUpTo && earlier(this.#readUpTo, RESUME_WINDOW_MILLISECONDS);
  }

  /** Takes a message that was pushed. */
  hear(message: Message): void {
    this.#past.delete(message.id);
    if (this.#take(message)) this.#tellSoon(message);
  }

  /**
   * Takes a deletion that was pushed or is in the history. The message may have been told, still wait, or arrive later.
   * Deletions are told at once: their messages are older, and a later message never depends on them.
   */
  drop(deletion: Deletion): void {
    const { id, change } = deletion;
    if (change < this.#forgotten || this.#heard.has(change)) return;
    this.#waiting.delete(id);
    for (const each of [id, change]) this.#heard.add(each);
    this.#options.tellDeletion(deletion);
  }

  /** Keeps what is pushed until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Takes the first page, which is the end of the history. Its last `told` messages are told. */
  begin(messages: readonly Message[], { told, isAll }: { readonly told: number; readonly isAll: boolean }): void {
    if (!isAll) this.#pageFloor = messages[0]?.id ?? FIRST_ID;
    for (const { id } of messages.slice(0, Math.max(0, messages.length - told))) {
      if (!this.#heard.has(id)) this.#past.add(id);
    }
    this.#readUpTo = FIRST_ID;
    this.page(messages);
  }

  /** Takes a page of the history. Pushed messages that belong before its end are told with it. */
  page(messages: readonly Message[], changes: readonly Deletion[] = []): void {
    for (const message of messages) {
      if (message.id >= this.#pageFloor && !this.#past.has(message.id)) this.#take(message);
    }
    const [lastMessage = FIRST_ID, lastChange = FIRST_ID] = [messages.at(-1)?.id, changes.at(-1)?.change];
    const end = lastMessage > lastChange ? lastMessage : lastChange;
    if (this.#readUpTo === undefined || end > this.#readUpTo) this.#readUpTo = end;
    this.#tellUpTo(end);
    for (const deletion of changes) this.drop(deletion);
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
    for (const ids of [this.#heard, this.#past]) {
      for (const id of ids) {
        if (id >= this.#forgotten) break;
        ids.delete(id);
      }
    }
  }
}
