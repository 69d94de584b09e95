import type { Ports } from "./ports.ts";
import { type Deletion, type Edited, type Message, RESUME_WINDOW_MILLISECONDS, type Reacted } from "./protocol.ts";
import { ReactionChanges } from "./reactions.ts";
import { RecentMap } from "./recent-map.ts";
import { FIRST_ID, lowestIdAt, timeOfId } from "./ulid.ts";

export interface MessageFeedOptions extends Pick<Ports, "after"> {
  readonly channel: string;
  /** Milliseconds. */
  readonly settle: number;
  /** The current name of this user. */
  readonly user: () => string | undefined;
  /** `isLate`: a later message has already been reported. */
  readonly onMessage: (message: Message, isLate: boolean) => void;
  /** Called for each deletion once, also for messages that were not reported. */
  readonly onDeletion: (deletion: Deletion) => void;
  /** Called for each edit once, also for messages that were not reported, unless a newer edit was reported. */
  readonly onEdit: (edited: Edited) => void;
  /**
   * Called for each change of reactions, unless a newer one was reported, also for messages that were not reported. If only
   * the user's own reaction is new, the event has the counts that were reported last.
   */
  readonly onReaction: (reacted: Reacted) => void;
}

/** A message can be pushed again for this long: the chat recognizes a repeat for ten minutes. */
const REMEMBERED_MILLISECONDS = 15 * 60_000;

/**
 * For how many messages the latest edits, deletions and reactions are remembered. A late push, or a page of the history that
 * was read before them, must not restore an older state.
 */
const CHANGES_MAX = 1_000;

const byId = (one: string, other: string): number => (one < other ? -1 : 1);

/** The lowest id of a time before that of `id`. */
const earlier = (id: string, milliseconds: number): string => lowestIdAt(timeOfId(id) - milliseconds);

/** A message with its latest text. */
export const withEdit = <AnyMessage extends Pick<Message, "data" | "deleted" | "edit">>(
  message: AnyMessage,
  edited: Pick<Edited, "data" | "edit"> | undefined,
): AnyMessage =>
  edited && !message.deleted && edited.edit > (message.edit ?? FIRST_ID)
    ? { ...message, data: edited.data, edit: edited.edit }
    : message;

/**
 * Reports the messages of a channel since the join, each once and in the order of their ids. A pushed message is held back
 * for a moment in case an older one arrives, and while history is being read.
 */
export class MessageFeed {
  readonly channel: string;
  readonly #options: MessageFeedOptions;
  /** Ids of messages that were reported, are held back, or were deleted, and of the deletions. */
  readonly #seen = new Set<string>();
  /** The latest edit of each message, by the message's id. */
  readonly #edits = new RecentMap<Edited>(CHANGES_MAX);
  readonly #reactions = new ReactionChanges(CHANGES_MAX);
  /** By the id of the deleted message. An edit can be pushed after the deletion. */
  readonly #deletions = new RecentMap<Deletion>(CHANGES_MAX);
  readonly #heldBack = new Map<string, Message>();
  /** Pages also contain messages from before the join: older ids are reported only if they are pushed. */
  #joinedAt: string | undefined;
  /** Older ids have been removed from `#seen`. */
  #forgotten = FIRST_ID;
  #lastReported = FIRST_ID;
  /** The history has been read up to here; undefined before the join. */
  #readUpTo: string | undefined;
  #isHeld = true;
  #hasPast = false;

  constructor(options: MessageFeedOptions) {
    this.#options = options;
    this.channel = options.channel;
  }

  /** The lowest id of the time of the join; undefined before the join. */
  get joinedAt(): string | undefined {
    return this.#joinedAt;
  }

  /** The id after which the history has to be read; undefined before the join. */
  get readAfter(): string | undefined {
    return this.#readUpTo && earlier(this.#readUpTo, RESUME_WINDOW_MILLISECONDS);
  }

  /** Adds a message that was pushed. */
  receive(message: Message): void {
    if (this.#take(message)) this.#reportSoon(message);
  }

  /**
   * Adds a deletion that was pushed or is in the history. The message may have been reported, be held back, or arrive later.
   * Deletions are reported at once: their messages are older, and a later message never depends on them.
   */
  remove(deletion: Deletion): void {
    const { id, change } = deletion;
    if (change < this.#forgotten || this.#seen.has(change)) return;
    this.#heldBack.delete(id);
    for (const each of [id, change]) this.#seen.add(each);
    this.#edits.delete(id);
    this.#deletions.set(id, deletion);
    this.#options.onDeletion(deletion);
  }

  /**
   * Adds an edit that was pushed or is in the history. An edit can be repeated, and it can arrive before its message, which
   * then gets the new text, or after the deletion of its message.
   */
  edit(edited: Edited): void {
    const { id, edit, change } = edited;
    const known = this.#edits.get(id)?.edit ?? FIRST_ID;
    if (change < this.#forgotten || edit <= known || this.#deletions.get(id)) return;
    this.#edits.set(id, edited);
    // Also for a message that is held back: the application can have its own message from the acknowledgement.
    this.#options.onEdit(edited);
  }

  /**
   * Adds a change of reactions that was pushed or is in the history. Changes can be repeated, and arrive in any order. They
   * are reported at once, like edits.
   */
  react(reacted: Reacted): void {
    if (this.#deletions.get(reacted.id)) return;
    const news = this.#reactions.add(reacted, this.#options.user());
    if (news) this.#options.onReaction(news);
  }

  /** Adds a change that was pushed. */
  change(change: Deletion | Edited | Reacted): void {
    if (change.type === "deleted") this.remove(change);
    else if (change.type === "edited") this.edit(change);
    else this.react(change);
  }

  /** Holds back pushed messages until `release`. */
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
  addPast(messages: readonly Message[]): void {
    this.#hasPast = true;
    for (const message of messages) this.#take(message);
    this.#reportUpTo(messages.at(-1)?.id ?? FIRST_ID);
  }

  /** Adds a page of the history, and reports its messages together with pushed messages that belong before its end. */
  addPage(messages: readonly Message[], changes: readonly Deletion[] = [], edits: readonly Edited[] = []): void {
    const joinedAt = this.#joinedAt ?? FIRST_ID;
    for (const message of messages) if (message.id >= joinedAt) this.#take(message);
    const last = [messages.at(-1)?.id, changes.at(-1)?.change, edits.at(-1)?.change];
    const end = last.filter((id) => id !== undefined).reduce((one, other) => (one > other ? one : other), FIRST_ID);
    if (this.#readUpTo !== undefined && end > this.#readUpTo) this.#readUpTo = end;
    this.#reportUpTo(end);
    for (const edited of edits) this.edit(edited);
    for (const deletion of changes) this.remove(deletion);
  }

  release(): void {
    this.#isHeld = false;
    for (const message of this.#heldBack.values()) this.#reportSoon(message);
  }

  /** Reports all messages that are held back. */
  flush(): void {
    for (const id of [...this.#heldBack.keys()].sort(byId)) this.#reportUpTo(id);
  }

  #take(message: Message): boolean {
    const { id } = message;
    if (id < this.#forgotten || this.#seen.has(id)) return false;
    this.#seen.add(id);
    this.#heldBack.set(id, message);
    return true;
  }

  #reportSoon({ id }: Message): void {
    const { after, settle } = this.#options;
    after(settle, () => {
      if (!this.#isHeld) this.#reportUpTo(id);
    });
  }

  #reportUpTo(end: string): void {
    const due = [...this.#heldBack.keys()].filter((id) => id <= end).sort(byId);
    for (const id of due) {
      const message = this.#heldBack.get(id) as Message;
      this.#heldBack.delete(id);
      const current = this.#reactions.applyTo(withEdit(message, this.#edits.get(id)));
      this.#options.onMessage(current, id < this.#lastReported);
      if (id > this.#lastReported) this.#lastReported = id;
    }
    if (due.length > 0) this.#forget();
  }

  /**
   * Keeps the ids that the next read of the history can return. Trap: a Set is ordered by arrival, so old ids are at the
   * front, except late ones, which are removed a little later.
   */
  #forget(): void {
    const [old, read] = [earlier(this.#lastReported, REMEMBERED_MILLISECONDS), this.readAfter ?? FIRST_ID];
    const floor = old < read ? old : read;
    if (floor > this.#forgotten) this.#forgotten = floor;
    for (const id of this.#seen) {
      if (id >= this.#forgotten) break;
      this.#seen.delete(id);
    }
  }
}
