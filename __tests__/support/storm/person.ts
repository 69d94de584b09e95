import type { Protocol, ServerFrame } from "../../../chat/protocol/client-frames.ts";
import type { Chronicle } from "./chronicle.ts";
import { type Dial, frameOf, type Line } from "./line.ts";
import type { Heard, Hearing, Verdict } from "./stays.ts";
import type { Step } from "./steps.ts";

export const LOBBY = "lobby";

/** The channel of a step. */
export const channelAt = (index: number): string => (index === 0 ? LOBBY : `c-${index}`);

type Act = Exclude<Step["act"], "hang up" | "die">;

interface Connection {
  readonly line: Line;
  readonly hearing: Hearing;
  /** What is under way, by what it changes. */
  readonly underWay: Map<string, Batch>;
}

/** Requests that overlap. */
interface Batch {
  readonly pending: Set<Promise<void>>;
  begun: number;
}

interface Changed {
  readonly what: string;
  readonly atOnce: number;
}

/** Somebody who uses the chat through one connection after the other, and writes all that happens into the chronicle. */
export class Person {
  readonly #name: string;
  readonly #protocol: Protocol;
  readonly #chronicle: Chronicle;
  readonly #dial: Dial;
  readonly #underWay: Promise<void>[] = [];
  #connection: Connection | undefined;
  #connections = 0;

  constructor(name: string, own: { readonly protocol: Protocol; readonly chronicle: Chronicle; readonly dial: Dial }) {
    this.#name = name;
    this.#protocol = own.protocol;
    this.#chronicle = own.chronicle;
    this.#dial = own.dial;
  }

  /** Takes the steps one after the other, waiting for answers where a step does. */
  async play(steps: readonly Step[]): Promise<void> {
    for (const { act, channel: index, name, waits } of steps) {
      const channel = channelAt(index);
      if (act === "hang up" || act === "die") {
        this.end(act);
        continue;
      }
      const done = this.#take(await this.#connected(), { act, channel, name });
      this.#underWay.push(done);
      if (waits) await done;
    }
  }

  /** Resolves once nothing is under way any more. */
  async rest(): Promise<void> {
    while (this.#underWay.length > 0) await Promise.all(this.#underWay.splice(0));
  }

  async move(channel: string, act: "join" | "leave"): Promise<void> {
    await this.#move(await this.#connected(), channel, act);
  }

  async say(channel: string): Promise<void> {
    await this.#say(await this.#connected(), channel, 1);
  }

  /** All that a channel keeps, page by page, into the chronicle. */
  async readHistory(channel: string): Promise<void> {
    const { line } = await this.#connected();
    const found: Heard[] = [];
    let after: string | undefined = "0".repeat(26);
    while (after !== undefined) {
      const page: ServerFrame | undefined = await line.ask({ message: "history", channel, limit: 5, after });
      if (page?.type !== "history") throw new Error(`No history of ${channel}, but ${JSON.stringify(page)}.`);
      found.push(...page.messages);
      after = page.cursor?.after;
    }
    this.#chronicle.keep(channel, found);
  }

  /** Goes, while whatever is under way goes on. */
  end(how: "hang up" | "die"): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = undefined;
    this.#chronicle.hangUp(connection.hearing);
    this.#underWay.push(how === "hang up" ? connection.line.hangUp() : connection.line.die());
  }

  #take(
    connection: Connection,
    { act, channel, name }: Pick<Step, "name"> & { act: Act; channel: string },
  ): Promise<void> {
    if (act === "say") return this.#say(connection, channel, 1);
    if (act === "say twice") return this.#sayTwice(connection, channel);
    if (act === "name") return this.#rename(connection, `user-${name}`);
    return this.#move(connection, channel, act);
  }

  /**
   * Two requests for one channel may overlap, and come out as one after the other. Three may not: who needs frames in
   * order waits for answers (docs/protocol.md).
   */
  #move(connection: Connection, channel: string, message: "join" | "leave"): Promise<void> {
    const { line, hearing } = connection;
    return change(connection, { what: channel, atOnce: 2 }, async () => {
      const settle = this.#chronicle.move(hearing, { channel, wish: message === "join" ? "in" : "out" });
      settle(verdictOf(await line.ask({ message, channel })));
    });
  }

  /** One after the other: back to a name that is just being given up, it would be given up again. */
  #rename(connection: Connection, data: string): Promise<void> {
    return change(
      connection,
      { what: "name", atOnce: 1 },
      async () => void (await connection.line.ask({ message: "name", data })),
    );
  }

  /** A repeat is known by the name of its speaker, who must not change it meanwhile. */
  #sayTwice(connection: Connection, channel: string): Promise<void> {
    return change(connection, { what: "name", atOnce: 1 }, () => this.#say(connection, channel, 2));
  }

  async #say({ line, hearing }: Connection, channel: string, times: number): Promise<void> {
    const { data, settle } = this.#chronicle.say(hearing, { channel, times });
    const frame = { message: "sendmessage", channel, data, ...(times > 1 && { id: `once-${data}` }) };
    const answers = await Promise.all(Array.from({ length: times }, () => line.ask(frame)));
    const ids = new Set(answers.flatMap((answer) => (answer?.type === "ack" ? (answer.message ?? []) : [])));
    const [id] = ids;
    if (ids.size > 1) throw new Error(`"${data}" was acknowledged as ${[...ids].join(" and ")}.`);
    if (id !== undefined) settle("said", id);
    else if (answers.every((answer) => answer?.type === "error")) settle("refused");
  }

  async #connected(): Promise<Connection> {
    this.#connection ??= await this.#connect();
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    this.#connections += 1;
    const name = `${this.#name}.${this.#connections}`;
    const hearing = this.#chronicle.open(name);
    const settle = this.#chronicle.move(hearing, { channel: LOBBY, wish: "in" });
    const line = await this.#dial({ name, protocol: this.#protocol }, (text) => hearing.heard.push(...heardIn(text)));
    settle("in");
    return { line, hearing, underWay: new Map() };
  }
}

/** Changes one thing of a connection. Who comes when `atOnce` requests overlap waits until the last of them is over. */
async function change({ underWay }: Connection, { what, atOnce }: Changed, act: () => Promise<void>): Promise<void> {
  const batch = underWay.get(what) ?? { pending: new Set(), begun: 0 };
  underWay.set(what, batch);
  while (batch.pending.size > 0 && batch.begun >= atOnce) await Promise.all(batch.pending);
  if (batch.pending.size === 0) batch.begun = 0;
  batch.begun += 1;
  const done = act().finally(() => batch.pending.delete(done));
  batch.pending.add(done);
  await done;
}

/** Presence is no message. */
function heardIn(text: string): Heard[] {
  const frame = frameOf(text);
  if (!frame) return [{ data: text }];
  return frame.type === "message" ? [frame] : [];
}

function verdictOf(answer: ServerFrame | undefined): Verdict {
  if (answer?.type === "ack") return answer.request === "join" ? "in" : "out";
  return answer ? "out" : undefined;
}
