import {
  ChatError,
  type ConnectionState,
  createSession,
  type Message,
  type Reacted,
  type Session,
} from "@serverless-chat/client";
import { WebSocket } from "ws";
import { COMMANDS_HELP, commandNames, type Input, type Request, readLine } from "./commands.ts";
import type { ChatFlags } from "./flags.ts";
import { type Line, linesOfEvent, note, senderOf } from "./lines.ts";
import { performDirect, performRequest, unreadIn } from "./perform-request.ts";
import { editingScreen, isInteractive, plainScreen, type Screen, type Streams } from "./screen.ts";
import { visible } from "./visible.ts";

/** How many earlier messages a person sees of a channel that is joined. */
const HISTORY = 20;

/** The reason of a failed handshake that may succeed soon. */
const TEMPORARY = / (?:429|5\d\d)$/;

const REMEDY = "Start a chat with npm start, or pass the URL of another one: npm run chat -- wss://….";

/** A channel name has no space. */
const keyOf = (channel: string, user: string): string => `${channel} ${user}`;

const noMessageOf = (user: string): Line => note(`* ${visible(user)} has not sent a message here since you joined`);

type InputOf<Kind extends Input["kind"]> = Extract<Input, { kind: Kind }>;

/** The events whose lines are shown as they come. */
const SHOWN = [
  ...(["message", "direct", "deleted", "edited", "directChange"] as const),
  ...(["presence", "moderation", "user", "error"] as const),
];

/** No user has this name. */
const ANYONE = "";

/** A session that a person or a pipe uses. */
export class TerminalSession {
  readonly #url: string;
  readonly #onEnd: (fault?: Error) => void;
  readonly #session: Session;
  readonly #screen: Screen;
  /** The channel that is written to. */
  #channel: string | undefined;
  readonly #isPerson: boolean;
  /** The id of the last message of a user in a channel, and of the last one of all users. */
  readonly #lastMessages = new Map<string, string>();
  /** The last counts of reactions that were reported, as JSON, by the id of the message. */
  readonly #reactions = new Map<string, string>();
  /** Settles once all messages that were entered have been sent, or have failed. */
  #sending: Promise<unknown> = Promise.resolve();
  #wasOnline = false;
  #hasInputEnded = false;
  #isClosed = false;

  /** Calls `onEnd` with an error if there is no chat at the URL. */
  constructor({ url, user, channels, lasting }: ChatFlags, streams: Streams, onEnd: (fault?: Error) => void) {
    const isPerson = isInteractive(streams);
    this.#isPerson = isPerson;
    this.#url = url;
    this.#onEnd = onEnd;
    this.#channel = channels[0];
    const open = isPerson ? editingScreen : plainScreen;
    this.#screen = open(streams, {
      onLine: (line) => this.#process(line),
      onEnd: () => this.#closeOnceOnline(),
      onQuit: () => void this.close(),
      complete: (line) => commandNames.filter((name) => name.startsWith(line)),
    });
    const history = isPerson ? HISTORY : 0;
    // Not the WebSocket of Node: it does not report the status of a failed handshake.
    const own = { name: user, channels, lastingChannels: lasting };
    this.#session = createSession({ connect: () => ({ url }), ...own, history, WebSocket });
    this.#subscribe();
    this.#prompt();
  }

  /** Closes at once: requests without a reply are abandoned. */
  async close(fault?: Error): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#session.close();
    this.#screen.close();
    this.#onEnd(fault);
  }

  #subscribe(): void {
    const session = this.#session;
    session.on("message", (message) => this.#remember(message));
    session.on("reacted", (reacted) => this.#showReaction(reacted));
    for (const type of SHOWN) session.on(type, (event) => this.#show(linesOfEvent[type](event as never)));
    session.on("state", (state) => this.#changeState(state));
  }

  #remember(message: Message): void {
    const { channel, id, reactions } = message;
    if (reactions) this.#reactions.set(id, JSON.stringify(reactions.counts));
    for (const user of [senderOf(message), ANYONE]) {
      const key = keyOf(channel, user);
      if (id > (this.#lastMessages.get(key) ?? "")) this.#lastMessages.set(key, id);
    }
  }

  /** The id of the last message of a user in a channel, after the messages that are being sent. */
  async #lastMessageOf(channel: string, user: string): Promise<string | undefined> {
    await this.#sending;
    return this.#lastMessages.get(keyOf(channel, user));
  }

  /** The chat also pushes repeats, whose counts are the same. */
  #showReaction(reacted: Reacted): void {
    const { id, reactions } = reacted;
    const counts = JSON.stringify(reactions.counts);
    if (this.#reactions.get(id) !== counts) this.#show(linesOfEvent.reacted(reacted));
    this.#reactions.set(id, counts);
  }

  /** A pipe without input still reports whether there is a chat. */
  #closeOnceOnline(): void {
    this.#hasInputEnded = true;
    if (this.#wasOnline) void this.close();
  }

  async #process(line: string): Promise<void> {
    const input = readLine(line, this.#channel);
    const isSent = input.kind === "reply" || (input.kind === "request" && input.request.message === "sendmessage");
    if (isSent) this.#screen.eraseInput();
    this.#prompt();
    const done = this.#act(input);
    // In a terminal, the next line can be processed before this one is done.
    if (isSent) this.#sending = Promise.all([this.#sending, done]);
    await done;
    this.#prompt();
  }

  async #act(input: Input): Promise<void> {
    if (input.kind === "request") await this.#perform(input.request);
    else if (input.kind === "direct")
      await this.#attempt(async () => this.#show(await performDirect(this.#session, input)));
    else if (input.kind === "quit") await this.close();
    else if (input.kind === "delete") await this.#delete(input);
    else if (input.kind === "edit") await this.#edit(input);
    else if (input.kind === "reply") await this.#reply(input);
    else if (input.kind === "react") await this.#react(input);
    else if (input.kind === "read") await this.#markRead(input);
    else if (input.kind === "help") this.#show(COMMANDS_HELP.map(note));
    else if (input.kind === "mistake") this.#show([note(`* ${input.detail}`)]);
  }

  async #delete({ channel, user }: InputOf<"delete">): Promise<void> {
    const target = await this.#lastMessageOf(channel, user);
    if (target !== undefined) await this.#perform({ message: "delete", channel, target });
    else this.#show([noMessageOf(user)]);
  }

  async #reply({ channel, user, data }: InputOf<"reply">): Promise<void> {
    const replyTo = await this.#lastMessageOf(channel, user);
    if (replyTo !== undefined) await this.#perform({ message: "sendmessage", channel, data, replyTo });
    else this.#show([noMessageOf(user)]);
  }

  async #react({ channel, user, emoji }: InputOf<"react">): Promise<void> {
    const target = await this.#lastMessageOf(channel, user);
    if (target !== undefined) await this.#perform({ message: "react", channel, target, emoji });
    else this.#show([noMessageOf(user)]);
  }

  async #edit({ channel, data }: InputOf<"edit">): Promise<void> {
    // The name of the user can change before the messages are sent.
    await this.#sending;
    const target = await this.#lastMessageOf(channel, this.#session.user ?? "");
    if (target !== undefined) await this.#perform({ message: "edit", channel, target, data });
    else this.#show([note("* you have not sent a message here since you joined")]);
  }

  async #markRead(where: { readonly channel: string } | { readonly direct: string }): Promise<void> {
    const target =
      "channel" in where
        ? await this.#lastMessageOf(where.channel, ANYONE)
        : (await this.#session.conversation(where.direct, { limit: 1 }).catch(() => undefined))?.messages[0]?.id;
    if (target !== undefined) await this.#perform({ message: "read", ...where, target });
    else this.#show([note("* there is no message to mark as read")]);
  }

  /** Not all chats count unread messages. */
  async #showUnread(): Promise<void> {
    const unread = await unreadIn(this.#session).catch(() => "");
    if (unread) this.#show([note(`* unread: ${unread}`)]);
  }

  #perform(request: Request): Promise<void> {
    return this.#attempt(async () => {
      const { lines, joined, sent } = await performRequest(this.#session, request);
      if (sent) this.#remember(sent);
      if (joined !== undefined) this.#channel = joined;
      if (request.message === "leave" && request.channel === this.#channel) this.#channel = this.#session.channels[0];
      this.#show(lines);
    });
  }

  /** Shows the error of a request that fails. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (fault) {
      if (!(fault instanceof ChatError)) throw fault;
      this.#show([note(`* ${visible(fault.message)}`)]);
    }
  }

  #changeState(state: ConnectionState): void {
    const fault = this.#faultOf(state);
    if (fault) {
      void this.close(fault);
      return;
    }
    if (this.#isPerson && state.status === "online" && !this.#wasOnline) void this.#showUnread();
    this.#wasOnline ||= state.status === "online";
    if (!this.#isClosed) this.#show(linesOfEvent.state(state));
    this.#prompt();
    if (state.status === "ended" || (state.status === "online" && this.#hasInputEnded)) void this.close();
  }

  /** The error to exit with. Undefined: the terminal stays open, or was closed on purpose. */
  #faultOf(state: ConnectionState): Error | undefined {
    if (state.status === "ended" && !["closed", "kicked", "banned"].includes(state.error.code)) {
      return new Error(`${this.#wasOnline ? "" : `Cannot connect to ${this.#url}. `}${state.error.message}`);
    }
    if (state.status !== "offline" || this.#wasOnline || TEMPORARY.test(state.reason)) return undefined;
    return new Error(`There is no chat at ${this.#url}: ${state.reason}. ${REMEDY}`);
  }

  #show(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    this.#screen.show(lines);
    this.#prompt();
  }

  #prompt(): void {
    const channel = this.#channel === undefined ? "(no channel)" : `#${this.#channel}`;
    const isLost = this.#wasOnline && this.#session.state.status !== "online";
    if (!this.#isClosed) this.#screen.prompt(`${channel}${isLost ? " (not connected)" : ""}> `);
  }
}
