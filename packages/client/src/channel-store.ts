import type { ChatError } from "./chat-error.ts";
import type { PendingMessage } from "./events.ts";
import { withEdit } from "./message-feed.ts";
import type { Deletion, Edited, Message, Reacted } from "./protocol.ts";
import { ReactionChanges } from "./reactions.ts";
import type { SendOptions, Session } from "./session.ts";
import { Store } from "./store.ts";

/** A channel as an application shows it. */
export interface ChannelView {
  /**
   * `loading` until the latest messages have been read; `failed` if the channel cannot be joined or read; `left` if the user is
   * no longer a member.
   */
  readonly status: "loading" | "ready" | "failed" | "left";
  /** Why it has failed, or why earlier messages could not be read. */
  readonly error: ChatError | undefined;
  /** In the order in which they were sent. A deleted message has `deleted` and no text. */
  readonly messages: readonly Message[];
  /** Whether there are earlier messages. */
  readonly hasMore: boolean;
  /** The user's messages that are not among `messages`, with the status `queued` or `failed`. */
  readonly pending: readonly PendingMessage[];
  /** The users that are typing. */
  readonly typing: readonly string[];
}

/** A user who does not send another `typing` within this time has stopped. */
const TYPING_MILLISECONDS = 5000;

/** Reactions to earlier messages change rarely, so a page of the history needs only the latest changes. */
const REACTIONS_MAX = 1000;

const EMPTY: ChannelView = {
  status: "loading",
  error: undefined,
  messages: [],
  hasMore: false,
  pending: [],
  typing: [],
};

/** Keeps the view of a channel up to date, from its creation until the session ends. */
export class ChannelStore extends Store<ChannelView> {
  readonly #session: Session;
  readonly #channel: string;
  readonly #pageSize: number;
  readonly #messages = new Map<string, Message>();
  /** Ids of deleted messages. A history page that was requested before a deletion can arrive after it. */
  readonly #deleted = new Set<string>();
  /** The latest edit of each message, by the message's id. */
  readonly #edits = new Map<string, Edited>();
  readonly #reactions = new ReactionChanges(REACTIONS_MAX);
  readonly #pending = new Map<string, PendingMessage>();
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>();
  #before: string | undefined;
  #isLoading = false;

  constructor(session: Session, channel: string, pageSize: number) {
    super(EMPTY);
    this.#session = session;
    this.#channel = channel;
    this.#pageSize = pageSize;
    for (const message of session.pending) this.#receivePending(message);
    session.on("message", (message) => this.#receive(message));
    session.on("deleted", (deletion) => this.#markDeleted(deletion));
    session.on("edited", (edited) => this.#applyEdit(edited));
    session.on("reacted", (reacted) => this.#applyReaction(reacted));
    session.on("pending", (message) => this.#receivePending(message));
    session.on("channels", (channels) => this.#changeChannels(channels));
    session.on("typing", ({ channel, user }) => channel === this.#channel && this.#startTyping(user));
    void this.#start();
  }

  /** Reads the page before the earliest message. Does nothing while one is being read, or if there is none. */
  readonly loadMore = async (): Promise<void> => {
    if (!this.#isLoading && this.get().hasMore) await this.#load();
  };

  /** Sends a message, which is `pending` until it is stored. A failure shows only in `pending`. */
  readonly send = (text: string, options: SendOptions = {}): void => {
    this.#session.send(this.#channel, text, options).catch(() => undefined);
  };

  /** Sends a failed message again. */
  readonly retry = (id: string): void => {
    const message = this.#pending.get(id);
    this.discard(id);
    if (message?.status === "failed") this.send(message.data, message);
  };

  /** Removes a failed message from the view. */
  readonly discard = (id: string): void => {
    if (this.#pending.get(id)?.status === "failed") this.#pending.delete(id);
    this.#update({});
  };

  async #start(): Promise<void> {
    try {
      if (!this.#session.channels.includes(this.#channel)) await this.#session.join(this.#channel);
      await this.#load();
    } catch (error) {
      this.#update({ status: "failed", error: error as ChatError });
    }
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    try {
      const before = this.#before === undefined ? {} : { before: this.#before };
      const page = await this.#session.history(this.#channel, { ...before, limit: this.#pageSize });
      for (const message of page.messages) this.#add(message);
      this.#before = page.cursor?.before;
      this.#update({ status: "ready", error: undefined, hasMore: this.#before !== undefined });
    } catch (error) {
      if (this.get().status !== "ready") throw error;
      this.#update({ error: error as ChatError });
    } finally {
      this.#isLoading = false;
    }
  }

  #changeChannels(channels: readonly string[]): void {
    if (this.get().status === "ready" && !channels.includes(this.#channel)) this.#update({ status: "left" });
  }

  #receive(message: Message): void {
    if (message.channel !== this.#channel) return;
    this.#add(message);
    this.#stopTyping(message.from);
    this.#update({});
  }

  #add(received: Message): void {
    const { type, id, channel, from, data, at, clientMessageId, publisher, replyTo, mentions, edit } = received;
    const kept: Message = {
      type,
      id,
      channel,
      from,
      data,
      at,
      clientMessageId,
      publisher,
      ...(replyTo && { replyTo }),
    };
    const { reactions } = received;
    const own = { ...(mentions && { mentions }), ...(edit && { edit }), ...(reactions && { reactions }) };
    const message = this.#reactions.applyTo({ ...kept, ...own });
    const isDeleted = received.deleted || this.#deleted.has(id);
    this.#messages.set(id, isDeleted ? { ...kept, data: "", deleted: true } : withEdit(message, this.#edits.get(id)));
  }

  #applyEdit(edited: Edited): void {
    if (edited.channel !== this.#channel) return;
    this.#edits.set(edited.id, edited);
    const message = this.#messages.get(edited.id);
    if (message) this.#add(message);
    this.#update({});
  }

  #applyReaction(reacted: Reacted): void {
    if (reacted.channel !== this.#channel) return;
    this.#reactions.add(reacted, this.#session.user);
    const message = this.#messages.get(reacted.id);
    if (message) this.#add(message);
    this.#update({});
  }

  #markDeleted({ channel, id }: Deletion): void {
    if (channel !== this.#channel) return;
    this.#deleted.add(id);
    const message = this.#messages.get(id);
    if (message) this.#add(message);
    this.#update({});
  }

  #receivePending(message: PendingMessage): void {
    if (message.channel !== this.#channel) return;
    if (message.message) this.#add(message.message);
    if (message.status === "sent") this.#pending.delete(message.id);
    else this.#pending.set(message.id, message);
    this.#update({});
  }

  #startTyping(user: string): void {
    clearTimeout(this.#typing.get(user));
    const timer = setTimeout(() => this.#stopTyping(user), TYPING_MILLISECONDS);
    // In Node, the timer must not keep the process alive.
    if (typeof timer === "object") timer.unref();
    this.#typing.set(user, timer);
    this.#update({});
  }

  #stopTyping(user: string): void {
    clearTimeout(this.#typing.get(user));
    if (this.#typing.delete(user)) this.#update({});
  }

  #update(change: Partial<ChannelView>): void {
    const messages = [...this.#messages.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
    const stored = new Set(messages.map(({ clientMessageId }) => clientMessageId));
    this.set({
      ...this.get(),
      ...change,
      messages,
      pending: [...this.#pending.values()].filter(({ id }) => !stored.has(id)),
      typing: [...this.#typing.keys()],
    });
  }
}
