import { ChatError } from "./chat-error.ts";
import type { PendingMessage } from "./events.ts";
import type { OutboxEntry, OutboxStore } from "./outbox.ts";
import type { Message } from "./protocol.ts";
import type { RequestQueue } from "./request-queue.ts";
import { sendMessage } from "./send-message.ts";
import type { SendOptions } from "./session.ts";
import { errorOf, type SessionContext } from "./session-context.ts";
import type { Refusal } from "./wire.ts";

export interface PendingMessagesOptions {
  readonly context: SessionContext;
  readonly queue: RequestQueue;
  readonly outbox: OutboxStore | undefined;
  /** The error of a message that is left when the session ends. */
  readonly endError: () => ChatError;
}

interface Enqueued {
  readonly isNew: boolean;
  readonly stored?: Promise<void>;
}

/**
 * The messages that were written and are not stored by the chat yet. With an outbox, they survive the session.
 *
 * Several tabs can share an outbox. Each entry has an owner: the session that sends it. A session holds a lock with its own
 * id, so that another one adopts its entries only after it has ended.
 */
export class PendingMessages {
  readonly #options: PendingMessagesOptions;
  readonly #context: SessionContext;
  readonly #sessionId: string;
  readonly #messages = new Map<string, PendingMessage>();
  /** Messages of an earlier session whose channel this session has not joined yet. */
  readonly #waiting = new Map<string, OutboxEntry>();
  readonly #isLoaded: Promise<void>;
  #isClosed = false;
  #unlock: () => void = () => undefined;
  #lastCreatedAt = 0;

  constructor(options: PendingMessagesOptions) {
    const { context, outbox } = options;
    this.#options = options;
    this.#context = context;
    this.#sessionId = context.ports.newId();
    this.#isLoaded = outbox ? this.#load(outbox).catch((cause) => this.#report(cause)) : Promise.resolve();
  }

  /** In the order in which they were written. */
  get list(): readonly PendingMessage[] {
    return [...this.#messages.values()];
  }

  /** Resolves with the stored message. Rejects with a `ChatError` if it was refused, or if the session ends first. */
  async send(channel: string, data: string, { replyTo, mentions = [] }: SendOptions): Promise<Message> {
    const { ports, feeds } = this.#context;
    this.#lastCreatedAt = Math.max(this.#lastCreatedAt + 1, ports.wallClock());
    const entry: OutboxEntry = {
      id: ports.newId(),
      channel,
      data,
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions.length > 0 && { mentions }),
      createdAt: this.#lastCreatedAt,
      owner: this.#sessionId,
      after: feeds.get(channel)?.readAfter,
    };
    this.#set(entry);
    const stored = this.#put(entry);
    // Messages of an earlier session come first.
    if (this.#options.outbox) await this.#isLoaded;
    const { message, error } = await this.#enqueue(entry, { isNew: true, stored });
    if (error) throw error;
    return message as Message;
  }

  /** Sends messages of an earlier session whose channels have been joined meanwhile. */
  channelsChanged(): void {
    for (const entry of this.#waiting.values()) {
      if (!this.#context.feeds.has(entry.channel)) continue;
      this.#waiting.delete(entry.id);
      void this.#enqueue(entry, { isNew: false });
    }
  }

  /** Lets another session adopt the entries that are left. */
  close(): void {
    this.#isClosed = true;
    this.#unlock();
  }

  /** `stored` settles when the outbox has a new message. Others may have been sent before. */
  async #enqueue(entry: OutboxEntry, { isNew, stored }: Enqueued): Promise<PendingMessage> {
    const { queue, outbox, endError } = this.#options;
    const draft = isNew ? { ...entry, after: undefined } : entry;
    const act = sendMessage(this.#context, draft, async (after) => {
      await stored;
      if (entry.after === undefined) await this.#put({ ...entry, after });
    });
    const result = await queue.add(act);
    const message: PendingMessage = { ...pendingOf(entry), ...outcomeOf(result ?? endError()) };
    // What is left at the end of the session stays in the outbox.
    if (result === undefined && outbox) return message;
    this.#messages.delete(entry.id);
    await outbox?.delete(entry.id).catch((cause) => this.#report(cause));
    this.#context.emit("pending", message);
    return message;
  }

  #set(entry: OutboxEntry): void {
    const message = pendingOf(entry);
    this.#messages.set(entry.id, message);
    this.#context.emit("pending", message);
  }

  async #put(entry: OutboxEntry): Promise<void> {
    try {
      await this.#options.outbox?.put(entry);
    } catch (cause) {
      this.#report(cause);
    }
  }

  async #load(outbox: OutboxStore): Promise<void> {
    const { withLock } = this.#context.ports;
    const isHeld = new Promise<void>((resolve) => {
      const work = (): Promise<void> => {
        resolve();
        return new Promise((unlock) => {
          this.#unlock = unlock;
          if (this.#isClosed) unlock();
        });
      };
      void withLock(lockOf(outbox, this.#sessionId), true, work);
    });
    await isHeld;
    // One session at a time adopts entries.
    await withLock(lockOf(outbox, "adopt"), true, async () => {
      const entries = [...(await outbox.load())].sort((one, other) => one.createdAt - other.createdAt);
      for (const entry of entries) await this.#adopt(outbox, entry);
    });
    this.channelsChanged();
  }

  /** Takes over an entry of a session that has ended. */
  async #adopt(outbox: OutboxStore, entry: OutboxEntry): Promise<void> {
    if (entry.owner === this.#sessionId) return;
    const own = { ...entry, owner: this.#sessionId };
    await this.#context.ports.withLock(lockOf(outbox, entry.owner), false, async () => {
      await outbox.put(own);
      this.#waiting.set(entry.id, own);
      this.#set(own);
    });
  }

  #report(cause: unknown): void {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const message = `The outbox cannot be used: ${detail}. Messages are sent, but do not survive a reload.`;
    this.#context.emit("error", new ChatError("outbox-failed", message, { cause }));
  }
}

const pendingOf = ({ owner, after, ...message }: OutboxEntry): PendingMessage => ({ ...message, status: "queued" });

function outcomeOf(result: Message | Refusal | ChatError): Pick<PendingMessage, "status" | "message" | "error"> {
  if (result instanceof ChatError) return { status: "failed", error: result };
  return result.type === "message" ? { status: "sent", message: result } : { status: "failed", error: errorOf(result) };
}

const lockOf = ({ name }: OutboxStore, purpose: string): string => `serverless-chat/outbox/${name}/${purpose}`;
