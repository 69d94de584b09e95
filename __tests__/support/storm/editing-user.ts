import { decodeTime, encodeTime } from "ulid";
import { RESUME_WINDOW_MILLISECONDS } from "../../../chat/message.ts";
import type { ServerFrame } from "../../../chat/protocol/client-frames.ts";
import { type ClientConnection, type Connect, frameOf } from "./client-connection.ts";
import { MessageView } from "./message-view.ts";

/** The next action of a user. `pick` selects a message or an edit of the user's own. */
export interface EditStep {
  readonly user: number;
  readonly act: "send" | "edit" | "edit twice" | "repeat an edit" | "delete" | "resume";
  readonly pick: number;
  /** Whether the user waits for the answer before the next step. */
  readonly waits: boolean;
}

/** A text of a message: the one that was sent, or an edit. Positions in the order of all requests and answers. */
export interface Text {
  readonly data: string;
  readonly begun: number;
  ended: number;
  isAcknowledged: boolean;
}

export interface OwnMessage {
  readonly id: string;
  readonly texts: Text[];
  readonly edits: object[];
  isDeleted: boolean;
}

/** An edit is attempted three times, so it can lose to two others at once. */
const CONCURRENT_EDITS_MAX = 3;

/** Repeats of the edits before these are not recognized, because a message keeps a limited number of versions. */
const REPEATED_EDITS = 3;

const FIRST_ID = "0".repeat(26);

/** A user in the lobby who edits and deletes own messages. */
export class EditingUser {
  readonly messages: OwnMessage[] = [];
  /** What the user sees through pushes alone. */
  readonly pushed = new MessageView();
  /** What the user sees if every push is lost, and only `history` is read from time to time. */
  readonly resumed = new MessageView();
  readonly #name: string;
  readonly #tick: () => number;
  readonly #running: Promise<void>[] = [];
  #client: ClientConnection | undefined;
  #editing: Promise<void>[] = [];
  #texts = 0;
  #readUpTo = FIRST_ID;
  #reading: Promise<void> = Promise.resolve();

  constructor(name: string, tick: () => number) {
    this.#name = name;
    this.#tick = tick;
  }

  async connect(connect: Connect): Promise<void> {
    this.#client = await connect({ name: this.#name, protocol: "chat.v1" }, (text) => {
      const frame = frameOf(text);
      if (frame) this.pushed.add(frame);
    });
  }

  /** Performs the steps in order. Resolves when no request is pending. */
  async play(steps: readonly EditStep[]): Promise<void> {
    for (const step of steps) {
      const done = this.#perform(step);
      this.#running.push(done);
      if (step.waits) await done;
    }
    await Promise.all(this.#running);
    await this.resume();
  }

  /** Reads the history after the last entry that was read, from before the window in which entries can appear late. */
  resume(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#resume());
    return this.#reading;
  }

  #perform({ act, pick }: EditStep): Promise<void> {
    if (act === "resume") return this.resume();
    const message = this.messages[pick % this.messages.length];
    if (act === "send" || !message) return this.#send();
    if (act === "delete") return this.#delete(message);
    const repeated = message.edits.slice(-REPEATED_EDITS);
    const frame = repeated[pick % repeated.length];
    if (act === "repeat an edit" && frame) return this.#inBatch(async () => void (await this.#request(frame)));
    return this.#inBatch(() => this.#edit(message, act === "edit twice" ? 2 : 1));
  }

  async #send(): Promise<void> {
    const text = this.#newText();
    const answer = await this.#request({ message: "sendmessage", data: text.data });
    if (answer?.type !== "ack" || answer.message === undefined) throw new Error(`"${text.data}" was not acknowledged.`);
    this.#end(text, answer);
    this.messages.push({ id: answer.message, texts: [text], edits: [], isDeleted: false });
  }

  async #edit(message: OwnMessage, times: number): Promise<void> {
    const text = this.#newText();
    message.texts.push(text);
    const frame = { message: "edit", target: message.id, data: text.data, id: `once-${text.data}` };
    message.edits.push(frame);
    const answers = await Promise.all(Array.from({ length: times }, () => this.#request(frame)));
    for (const answer of answers) this.#end(text, answer);
  }

  async #delete(message: OwnMessage): Promise<void> {
    const answer = await this.#request({ message: "delete", target: message.id });
    if (answer?.type === "ack") message.isDeleted = true;
  }

  async #resume(): Promise<void> {
    const from = Math.max(0, decodeTime(this.#readUpTo) - RESUME_WINDOW_MILLISECONDS);
    for (let after: string | undefined = encodeTime(from) + FIRST_ID.slice(10); after !== undefined; ) {
      const page: ServerFrame | undefined = await this.#request({ message: "history", limit: 3, after });
      if (page?.type !== "history") throw new Error(`Expected the history, but received ${JSON.stringify(page)}.`);
      this.resumed.add(page);
      const { messages, edits = [], changes = [] } = page;
      const read = [...messages.map(({ id }) => id), ...[...edits, ...changes].map(({ change }) => change)];
      this.#readUpTo = [this.#readUpTo, ...read].sort().at(-1) ?? FIRST_ID;
      after = page.cursor?.after;
    }
  }

  async #inBatch(edit: () => Promise<void>): Promise<void> {
    if (this.#editing.length >= CONCURRENT_EDITS_MAX - 1) await Promise.all(this.#editing.splice(0));
    const done = edit();
    this.#editing.push(done);
    await done;
  }

  #newText(): Text {
    this.#texts += 1;
    const data = `${this.#name} ${this.#texts}`;
    return { data, begun: this.#tick(), ended: Number.POSITIVE_INFINITY, isAcknowledged: false };
  }

  #end(text: Text, answer: ServerFrame | undefined): void {
    text.ended = this.#tick();
    text.isAcknowledged ||= answer?.type === "ack";
  }

  async #request(frame: object): Promise<ServerFrame | undefined> {
    if (!this.#client) throw new Error(`${this.#name} is not connected.`);
    return this.#client.request(frame);
  }
}
