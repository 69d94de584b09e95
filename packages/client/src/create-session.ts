import { ChatError } from "./chat-error.ts";
import { defaultPorts } from "./default-ports.ts";
import { DirectMessages } from "./direct-messages.ts";
import {
  type ConnectionState,
  Emitter,
  type PendingMessage,
  type ReceivedMessage,
  type SessionEvents,
} from "./events.ts";
import { splitList } from "./frame-size.ts";
import { messagesOf } from "./message-stream.ts";
import { type DirectMessage, LOBBY, type Message } from "./protocol.ts";
import type {
  Ack,
  ChannelsPage,
  Conversation,
  ConversationPage,
  ConversationsPage,
  HistoryPage,
  MembersPage,
  UnreadConversation,
  UnreadCount,
} from "./replies.ts";
import type { Action } from "./request-queue.ts";
import { actionOf, CONNECTION_LOST, checkFrame, fieldsOf, onceOnly, type PlainRequest } from "./requests.ts";
import type { HistoryOptions, Place, SendOptions, Session } from "./session.ts";
import { errorOf, type SessionContext } from "./session-context.ts";
import { CLOSED, SessionEngine } from "./session-engine.ts";
import { checkOptions, type SessionOptions } from "./session-options.ts";
import { TIMING } from "./timing.ts";
import { timeOfId } from "./ulid.ts";
import type { CustomRequest, Reply } from "./wire.ts";

/** Starts a session, which connects at once. Throws a `TypeError` if an option has the wrong type. */
export function createSession(options: SessionOptions): Session {
  checkOptions(options);
  return new ChatSession(options);
}

const TYPING_MILLISECONDS = 3000;

const LOST = "The connection was lost before a reply came. The request may have had an effect and is not repeated.";

class ChatSession implements Session {
  readonly hasLastingChannels: boolean;
  readonly #emitter = new Emitter();
  readonly #context: SessionContext;
  readonly #engine: SessionEngine;
  readonly #lastTyping = new Map<string, number>();

  constructor(options: SessionOptions) {
    const { name, channels = [LOBBY], history = 0, lastingChannels = false, signal, ports, timing } = options;
    this.hasLastingChannels = lastingChannels;
    this.#context = {
      ports: { ...defaultPorts, ...ports },
      timing: { ...TIMING, ...timing },
      emit: this.#emitter.emit,
      history,
      hasLastingChannels: lastingChannels,
      sentIds: new Set(),
      direct: options.directConversations ? new DirectMessages() : undefined,
      feeds: new Map(),
      name,
      hadName: false,
      user: undefined,
    };
    this.#engine = new SessionEngine({ ...options, channels }, { context: this.#context, emitter: this.#emitter });
    if (signal?.aborted) void this.close();
    signal?.addEventListener("abort", () => void this.close(), { once: true });
  }

  get state(): ConnectionState {
    return this.#engine.state;
  }

  get user(): string | undefined {
    return this.#context.user;
  }

  get channels(): readonly string[] {
    return [...this.#context.feeds.keys()];
  }

  get pending(): readonly PendingMessage[] {
    return this.#engine.pending.list;
  }

  on<Type extends keyof SessionEvents>(type: Type, listener: (event: SessionEvents[Type]) => void): () => void {
    return this.#emitter.on(type, listener);
  }

  messages(options: Parameters<Session["messages"]>[0] = {}): AsyncIterableIterator<ReceivedMessage> {
    return messagesOf(this, options);
  }

  async send(channel: string, text: string, options: SendOptions = {}): Promise<Message> {
    checkFrame({ message: "sendmessage", channel });
    return this.#engine.pending.send(channel, text, options);
  }

  async join(channel: string, options: { readonly private?: boolean } = {}): Promise<string> {
    const ack = await this.#ask("ack", { message: "join", channel, ...(options.private && { private: true }) });
    return ack.channel ?? channel;
  }

  async leave(channel: string): Promise<void> {
    await this.#ask("ack", { message: "leave", channel });
  }

  async rename(name: string): Promise<void> {
    await this.#ask("ack", { message: "name", data: name });
  }

  async direct(user: string, text: string, { replyTo }: Pick<SendOptions, "replyTo"> = {}): Promise<DirectMessage> {
    const { message: id = "" } = await this.#ask("ack", { message: "direct", to: user, data: text, replyTo });
    // If the connection is lost before the acknowledgement, the message can be pushed to the next connection.
    this.#context.direct?.take({ id });
    const at = new Date(timeOfId(id)).toISOString();
    return { type: "direct", to: user, id, from: this.user ?? "", data: text, at, replyTo };
  }

  typing(channel: string): void {
    checkFrame({ message: "typing", channel });
    if (this.state.status !== "online") return;
    const now = this.#context.ports.now();
    if (now - (this.#lastTyping.get(channel) ?? Number.NEGATIVE_INFINITY) < TYPING_MILLISECONDS) return;
    this.#lastTyping.set(channel, now);
    this.#engine.connection?.notify({ message: "typing", channel });
  }

  history(channel: string, options: HistoryOptions = {}): Promise<HistoryPage> {
    return this.#ask("history", { message: "history", channel, ...options });
  }

  conversations(options: { readonly cursor?: string } = {}): Promise<ConversationsPage> {
    return this.#ask("conversations", { message: "conversations", ...options });
  }

  conversation(
    user: string,
    options: HistoryOptions & { readonly publisher?: boolean } = {},
  ): Promise<ConversationPage> {
    return this.#ask("conversation", { message: "history", direct: user, ...options });
  }

  members(channel: string, options: { readonly cursor?: string } = {}): Promise<MembersPage> {
    return this.#ask("members", { message: "members", channel, ...options });
  }

  listChannels(options: { readonly cursor?: string } = {}): Promise<ChannelsPage> {
    return this.#ask("channels", { message: "channels", ...options });
  }

  async invite(channel: string, user: string): Promise<void> {
    await this.#ask("ack", { message: "invite", channel, user });
  }

  async revoke(channel: string, user: string): Promise<void> {
    await this.#ask("ack", { message: "invite", channel, user, revoke: true });
  }

  async kick(user: string): Promise<void> {
    await this.#ask("ack", { message: "kick", user });
  }

  async ban(user: string, options: { readonly seconds?: number } = {}): Promise<void> {
    await this.#ask("ack", { message: "ban", user, ...options });
  }

  async unban(user: string): Promise<void> {
    await this.#ask("ack", { message: "unban", user });
  }

  async mute(channel: string, user: string, seconds: number): Promise<void> {
    await this.#ask("ack", { message: "mute", channel, user, seconds });
  }

  async remove(place: Place, messageId: string): Promise<void> {
    await this.#ask("ack", { message: "delete", ...fieldsOf(place), target: messageId });
  }

  async edit(place: Place, messageId: string, text: string): Promise<void> {
    await this.#ask("ack", { message: "edit", ...fieldsOf(place), target: messageId, data: text });
  }

  async markRead(channel: string, messageId: string): Promise<void> {
    await this.#ask("ack", { message: "read", channel, target: messageId });
  }

  async unread(channels?: readonly string[]): Promise<readonly UnreadCount[]> {
    if (!channels) return (await this.#ask("unread", { message: "unread" })).counts;
    const asking = splitList(channels).map((part) => this.#ask("unread", { message: "unread", channels: part }));
    return (await Promise.all(asking)).flatMap(({ counts }) => counts);
  }

  async react(place: Place, messageId: string, emoji: string | null): Promise<void> {
    await this.#ask("ack", { message: "react", ...fieldsOf(place), target: messageId, emoji });
  }

  async markConversationRead(
    user: string,
    messageId: string,
    options: { readonly publisher?: boolean } = {},
  ): Promise<void> {
    await this.#ask("ack", { message: "read", direct: user, target: messageId, ...options });
  }

  async unreadConversations(
    conversations: readonly Pick<Conversation, "direct" | "publisher">[],
  ): Promise<readonly UnreadConversation[]> {
    const parts = splitList(conversations.map(({ direct, publisher }) => ({ direct, publisher })));
    const asking = parts.map((part) => this.#ask("unread", { message: "unread", conversations: part }));
    return (await Promise.all(asking)).flatMap(({ conversations: counts = [] }) => counts);
  }

  async request(frame: CustomRequest): Promise<Ack> {
    checkFrame(frame);
    return this.#perform("ack", frame.message, onceOnly(this.#context, frame));
  }

  close(): Promise<void> {
    return this.#engine.end(new ChatError("closed", CLOSED));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask<Type extends Reply["type"]>(type: Type, request: PlainRequest): Promise<Extract<Reply, { type: Type }>> {
    checkFrame(request);
    return this.#perform(type, request.message, actionOf(this.#context, request));
  }

  async #perform<Type extends Reply["type"]>(
    type: Type,
    request: string,
    action: Action<Reply | typeof CONNECTION_LOST>,
  ): Promise<Extract<Reply, { type: Type }>> {
    const reply = await this.#engine.perform(action);
    if (reply === undefined) throw this.#engine.endError;
    if (reply === CONNECTION_LOST) throw new ChatError("connection-lost", LOST, { request });
    if (reply.type === type) return reply as Extract<Reply, { type: Type }>;
    if (reply.type === "error") throw errorOf(reply);
    throw new ChatError("internal", `The chat answered "${request}" with "${reply.type}".`, { request });
  }
}
