import { ChatError, type PendingMessage, type ReceivedMessage, type Session } from "@serverless-chat/client";
import { type ChatMessage, type Chunks, chatMessageOf, lastMessage, senderOf, withMessage } from "../model/chunks.ts";
import {
  type ChatState,
  type Conversation,
  channelKey,
  directKey,
  INITIAL_STATE,
  withChannels,
  withConversation,
  withRenamed,
} from "./chat-state.ts";
import { refreshMembers } from "./members.ts";
import type { ReadMarks } from "./read-marks.ts";
import { Store } from "./store.ts";
import type { UserStorage } from "./user-storage.ts";

export interface ChatOptions {
  readonly session: Session;
  readonly storage: UserStorage;
  /** Whether the user may kick, ban, mute and delete. */
  readonly isModerator: boolean;
  /** How long users can edit and delete their own messages. Undefined: they cannot. */
  readonly ownMessageMinutes: number | undefined;
  readonly hasReactions: boolean;
  /** Whether users stay in their channels while they are not connected. */
  readonly hasLastingMembership: boolean;
  /** How far the user has read. */
  readonly readMarks: ReadMarks;
  /** Whether the chat stores direct messages. */
  readonly storesDirect: boolean;
  /** Whether users are authenticated: they can have private channels, and cannot change their name. */
  readonly isAuthenticated: boolean;
  readonly signOut: () => Promise<void>;
}

/** A session, with all that the page shows of it. */
export class Chat extends Store<ChatState> {
  readonly session: Session;
  readonly options: ChatOptions;
  readonly #drafts: Record<string, string>;

  constructor(options: ChatOptions) {
    const { session, storesDirect } = options;
    super(withChannels({ ...INITIAL_STATE, storesDirect }, session.channels));
    this.options = options;
    this.session = session;
    this.#drafts = options.storage.read("drafts", {});
    const shown = options.storage.read<string | undefined>("shown", undefined);
    if (shown !== undefined && this.state.conversations.has(shown)) this.update((state) => ({ ...state, shown }));
    document.addEventListener("visibilitychange", () => this.markRead());
  }

  get shown(): Conversation | undefined {
    return this.state.conversations.get(this.state.shown ?? "");
  }

  show(key: string): void {
    this.options.storage.write("shown", key);
    this.update((state) => ({ ...withConversation(state, key, () => ({})), shown: key, notice: undefined }));
    this.markRead();
    refreshMembers(this);
  }

  draft(key: string): string {
    return this.#drafts[key] ?? "";
  }

  setDraft(key: string, text: string): void {
    if (text === "") delete this.#drafts[key];
    else this.#drafts[key] = text;
    this.options.storage.write("drafts", this.#drafts);
  }

  /** Sends a text to the conversation that is shown. Direct messages have no mentions, and replies only if they are stored. */
  async send(text: string, options?: Parameters<Session["send"]>[2]): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    this.dismissNotice();
    if (shown.kind === "direct") return this.#sendDirect(shown.name, text, options?.replyTo);
    // The result is in the `pending` events.
    await this.session.send(shown.name, text, options).catch(() => undefined);
  }

  async #sendDirect(user: string, text: string, replyTo: string | undefined): Promise<void> {
    const sent = await this.attempt(this.session.direct(user, text, { replyTo }));
    if (sent) this.add(directKey(user), { ...chatMessageOf(sent), isOwn: true });
    // The text is back in the field, so that it can be sent again, before what was written since.
    else this.setDraft(directKey(user), joinLines(text, this.draft(directKey(user))));
  }

  /** Notifies the channel that is shown. */
  typed(): void {
    const { shown } = this;
    if (shown?.kind === "channel") this.session.typing(shown.name);
  }

  /** Joins a channel. Resolves with its key. */
  async join(channel: string, options: { readonly private?: boolean } = {}): Promise<string> {
    const key = channelKey(await this.session.join(channel, options));
    this.historyIsRead();
    return key;
  }

  /** Claims a name, for this visit and the next ones. */
  async rename(name: string): Promise<void> {
    await this.session.rename(name);
    this.options.storage.write("name", name);
  }

  /** Moves the direct messages with a user to the user's new name, with the draft for them. */
  renamed(before: string, after: string): void {
    const [from, to] = [directKey(before), directKey(after)];
    const draft = joinLines(this.draft(to), this.draft(from));
    this.setDraft(from, "");
    this.setDraft(to, draft);
    this.update((state) => withRenamed(state, before, after));
  }

  /** Adds a message that was received. */
  receive(message: ReceivedMessage): void {
    const key = channelKey(message.channel);
    this.add(key, { ...chatMessageOf(message), isOwn: message.isOwn });
    if (message.clientMessageId !== undefined) this.removePending(key, message.clientMessageId);
  }

  add(key: string, { isOwn, ...message }: ChatMessage & { readonly isOwn: boolean }): void {
    const isSeen = this.#isSeen(key);
    const isNew = !isOwn && this.options.readMarks.isUnread(key, message.id);
    this.update((state) => {
      const added = withConversation(state, key, ({ chunks, unread, typing }) => ({
        chunks: withMessage(chunks, message),
        unread: isNew && !isSeen ? unread + 1 : unread,
        typing: new Map([...typing].filter(([user]) => user !== message.from)),
      }));
      return isNew && isSeen ? { ...added, announcement: `${senderOf(message)}: ${message.text}` } : added;
    });
    if (isSeen) this.markRead();
  }

  setPending(pending: PendingMessage): void {
    const key = channelKey(pending.channel);
    if (pending.status === "sent") {
      if (pending.message) this.add(key, { ...chatMessageOf(pending.message), isOwn: true });
      this.removePending(key, pending.id);
      return;
    }
    this.update((state) =>
      withConversation(state, key, (conversation) => {
        const others = conversation.pending.filter(({ id }) => id !== pending.id);
        const order = [...others, pending].sort((one, other) => one.createdAt - other.createdAt);
        return { pending: order };
      }),
    );
  }

  removePending(key: string, id: string): void {
    this.update((state) =>
      withConversation(state, key, ({ pending }) => ({ pending: pending.filter((each) => each.id !== id) })),
    );
  }

  /** The history of all channels has been read: later messages are new. */
  historyIsRead(): void {
    for (const [key, { kind, chunks }] of this.state.conversations)
      if (kind === "channel") this.options.readMarks.begin(key, lastMessage(chunks)?.id);
  }

  /** Replaces messages of a conversation, such as one that was edited or deleted. */
  changeMessages(key: string, change: (chunks: Chunks) => Chunks): void {
    // An unknown conversation has no messages yet, and is not added for a change.
    if (!this.state.conversations.has(key)) return;
    this.update((state) => withConversation(state, key, ({ chunks }) => ({ chunks: change(chunks) })));
  }

  notify(text: string, isError = false): void {
    this.update((state) => ({ ...state, notice: { text, isError } }));
  }

  dismissNotice(): void {
    if (this.state.notice) this.update((state) => ({ ...state, notice: undefined }));
  }

  /** The result of a request. If it fails, shows why and returns undefined. */
  async attempt<Result>(request: Promise<Result>): Promise<Result | undefined> {
    try {
      return await request;
    } catch (fault) {
      this.notify(fault instanceof ChatError ? fault.message : String(fault), true);
      return undefined;
    }
  }

  #isSeen(key: string): boolean {
    return key === this.state.shown && document.visibilityState === "visible";
  }

  markRead(): void {
    const { shown } = this.state;
    if (shown === undefined || !this.#isSeen(shown)) return;
    const last = lastMessage(this.shown?.chunks ?? []);
    if (last) this.options.readMarks.mark(shown, last.id);
    const read = { unread: 0, hasMoreUnread: false };
    if (this.shown?.unread || this.shown?.hasMoreUnread)
      this.update((state) => withConversation(state, shown, () => read));
  }
}

const joinLines = (...texts: readonly string[]): string => texts.filter((text) => text !== "").join("\n");
