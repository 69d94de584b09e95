import { createSession, type Session, type SessionOptions } from "@serverless-chat/client";
import type { Socket } from "../../src/ports.ts";
import type { DirectMessage, Edited, Message } from "../../src/protocol.ts";
import { lowestIdAt } from "../../src/ulid.ts";

const NOON = Date.UTC(2026, 0, 1, 12);

/** A frame of a client, with the fields that are read here. */
export interface Frame {
  readonly message: string;
  readonly id?: string;
  readonly channel?: string;
  readonly data?: string;
  readonly replyTo?: string;
  readonly mentions?: readonly string[];
  readonly after?: string;
  readonly before?: string;
  readonly limit?: number;
  readonly target?: string;
  readonly to?: string;
  readonly direct?: string;
}

type Listener = (event: object) => void;

/** A chat in memory: one user, channels that keep their messages, and connections that a test can refuse or cut. */
export class MemoryChat {
  /** The frames of clients, in order. */
  readonly frames: Frame[] = [];
  readonly messages: Message[] = [];
  readonly edits: Edited[] = [];
  /** Direct messages of anna. */
  readonly directs: DirectMessage[] = [];
  readonly sockets = new Set<MemorySocket>();
  /** How many connections were attempted. */
  attempts = 0;
  /** Refuses handshakes, as a browser reports it: with 1006 and without a status. */
  isRefusing = false;
  members: readonly string[] = ["anna"];
  /** Answers a frame instead of the chat, if it returns frames. */
  script: (frame: Frame) => readonly object[] | undefined = () => undefined;
  readonly WebSocket: NonNullable<SessionOptions["WebSocket"]>;

  constructor() {
    const chat = this;
    this.WebSocket = class extends MemorySocket {
      constructor() {
        super(chat);
      }
    };
  }

  /** Starts a session of this chat. */
  open(options: Partial<SessionOptions> = {}): Session {
    const { ports, timing, ...rest } = options;
    return createSession({
      connect: () => ({ url: "wss://chat.example.com/dev" }),
      WebSocket: this.WebSocket,
      ports: { random: () => 0, ...ports },
      timing: { settle: 0, ...timing },
      ...rest,
    });
  }

  push(frame: object): void {
    for (const socket of this.sockets) socket.receive(frame);
  }

  /** Adds a message and pushes it. */
  post(message: Partial<Message> & Pick<Message, "data">): Message {
    const time = NOON + this.messages.length * 1000;
    const stored: Message = {
      type: "message",
      id: lowestIdAt(time),
      channel: "lobby",
      from: "ben",
      at: new Date(time).toISOString(),
      ...message,
    };
    this.messages.push(stored);
    this.push(stored);
    return stored;
  }

  /** Stores a direct message to or from anna. */
  write(message: Pick<DirectMessage, "from" | "data"> & Partial<DirectMessage>): DirectMessage {
    const time = NOON + this.directs.length * 60_000;
    const at = new Date(time).toISOString();
    const stored: DirectMessage = { type: "direct", to: "anna", id: lowestIdAt(time), at, ...message };
    this.directs.push(stored);
    return stored;
  }

  /** Edits a message and pushes the edit. */
  edit({ channel, id }: Pick<Message, "channel" | "id">, data: string): void {
    const edit = lowestIdAt(NOON + (this.messages.length + this.edits.length) * 1000);
    const edited: Edited = { type: "edited", channel, id, data, edit, change: edit };
    this.edits.push(edited);
    this.push(edited);
  }

  cut(code = 1006): void {
    for (const socket of [...this.sockets]) socket.end(code);
  }

  answer(frame: Frame): readonly object[] {
    this.frames.push(frame);
    const { message: request, id, channel = "lobby" } = frame;
    const scripted = this.script(frame);
    if (scripted) return scripted;
    if (request === "history") return [frame.direct === undefined ? this.#history(frame) : this.#conversation(frame)];
    if (request === "conversations") return [{ type: "conversations", id, conversations: this.#conversations() }];
    if (request === "members") return [{ type: "members", id, channel, members: this.members }];
    if (request === "sendmessage") return [{ type: "ack", request, id, message: this.#store(frame).id }];
    if (request === "typing") return [];
    return [{ type: "ack", request, id, user: "anna", at: new Date(NOON + this.messages.length * 1000).toISOString() }];
  }

  #store({ id: clientMessageId, channel = "lobby", data = "", ...frame }: Frame): Message {
    const known = this.messages.find((message) => message.clientMessageId === clientMessageId);
    const own = {
      ...(frame.replyTo && { replyTo: frame.replyTo }),
      ...(frame.mentions && { mentions: frame.mentions }),
    };
    return known ?? this.post({ from: "anna", channel, data, clientMessageId, ...own });
  }

  #conversations(): object[] {
    const last = new Map(this.directs.map(({ from, to, id }) => [from === "anna" ? to : from, id]));
    return [...last].map(([direct, id]) => ({ direct, last: id }));
  }

  #conversation({ id, direct, after = "", limit = 50 }: Frame): object {
    const found = this.directs.filter((each) => [each.from, each.to].includes(String(direct)) && each.id > after);
    const messages = found.slice(0, limit);
    const cursor = found.length > messages.length ? { cursor: { after: messages.at(-1)?.id } } : {};
    return { type: "conversation", id, direct, messages, ...cursor };
  }

  #history({ id, channel = "lobby", after = "", before = "Z", limit = 50 }: Frame): object {
    const messages = this.messages.filter((message) => message.channel === channel && message.id < before);
    const found = messages.filter((message) => message.id > after);
    const edits = this.edits.filter((edited) => edited.channel === channel && edited.change > after);
    if (after) return { type: "history", id, channel, messages: found.slice(0, limit), edits };
    const page = found.slice(-limit);
    const cursor = found.length > page.length ? { cursor: { before: page[0]?.id } } : {};
    return { type: "history", id, channel, messages: page, ...cursor };
  }
}

/** The WebSocket of a browser: it has no `terminate`, and its errors have no message. */
class MemorySocket implements Socket {
  readonly #chat: MemoryChat;
  readonly #listeners: { readonly type: string; readonly listener: Listener }[] = [];
  #isOver = false;

  constructor(chat: MemoryChat) {
    this.#chat = chat;
    chat.attempts += 1;
    queueMicrotask(() => {
      if (chat.isRefusing) {
        this.#emit("error", {});
        this.end(1006);
        return;
      }
      chat.sockets.add(this);
      this.#emit("open", {});
    });
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.push({ type, listener: listener as Listener });
  }

  send(text: string): void {
    const frame = JSON.parse(text);
    queueMicrotask(() => {
      if (this.#isOver) return;
      for (const answer of this.#chat.answer(frame)) this.receive(answer);
    });
  }

  close(): void {
    this.end(1000);
  }

  receive(frame: object): void {
    this.#emit("message", { data: JSON.stringify(frame) });
  }

  end(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#chat.sockets.delete(this);
    this.#emit("close", { code, reason: "" });
  }

  #emit(type: string, event: object): void {
    for (const { type: own, listener } of this.#listeners) if (own === type) listener(event);
  }
}

/** Resolves with the next event of a session that fits. */
export const next = <Type extends Parameters<Session["on"]>[0]>(session: Session, type: Type): Promise<unknown> =>
  new Promise((resolve) => {
    const unsubscribe = session.on(type, (event) => {
      unsubscribe();
      resolve(event);
    });
  });

/** Resolves once a session has a status. */
export async function reaches(session: Session, status: Session["state"]["status"]): Promise<Session["state"]> {
  while (session.state.status !== status) await next(session, "state");
  return session.state;
}
