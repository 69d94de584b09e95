import type { ServerFrame } from "../../../chat/protocol/client-frames.ts";
import type { Protocol } from "../../../chat/protocol/subprotocol.ts";
import { type ClientConnection, type Connect, frameOf } from "./client-connection.ts";
import type { Verdict } from "./membership-times.ts";
import type { ModelConnection, ReceivedMessage, ReferenceModel } from "./reference-model.ts";
import type { Step } from "./steps.ts";

export const LOBBY = "lobby";

/** The channel of a step. */
export const channelAt = (index: number): string => (index === 0 ? LOBBY : `c-${index}`);

type Act = Exclude<Step["act"], "close" | "terminate">;

interface Connection {
  readonly client: ClientConnection;
  readonly modelConnection: ModelConnection;
  /** The pending requests for each channel, and for the name. */
  readonly batches: Map<string, Batch>;
}

/** Concurrent requests that change the same thing, and how many were started since it was last idle. */
interface Batch {
  readonly pending: Set<Promise<void>>;
  started: number;
}

interface Changed {
  readonly what: string;
  readonly concurrent: number;
}

/** A user with one connection at a time, who records everything in the reference model. */
export class StormUser {
  readonly #name: string;
  readonly #protocol: Protocol;
  readonly #model: ReferenceModel;
  readonly #connectTo: Connect;
  readonly #pending: Promise<void>[] = [];
  #connection: Connection | undefined;
  #connections = 0;

  constructor(
    name: string,
    own: { readonly protocol: Protocol; readonly model: ReferenceModel; readonly connect: Connect },
  ) {
    this.#name = name;
    this.#protocol = own.protocol;
    this.#model = own.model;
    this.#connectTo = own.connect;
  }

  /** Performs the steps in order. Waits for an answer if the step has `waits`. */
  async play(steps: readonly Step[]): Promise<void> {
    for (const { act, channel: index, name, waits } of steps) {
      const channel = channelAt(index);
      if (act === "close" || act === "terminate") {
        this.end(act);
        continue;
      }
      const done = this.#perform(await this.#connected(), { act, channel, name });
      this.#pending.push(done);
      if (waits) await done;
    }
  }

  /** Resolves when no request is pending. */
  async whenIdle(): Promise<void> {
    while (this.#pending.length > 0) await Promise.all(this.#pending.splice(0));
  }

  async move(channel: string, act: "join" | "leave"): Promise<void> {
    await this.#move(await this.#connected(), channel, act);
  }

  async send(channel: string): Promise<void> {
    await this.#send(await this.#connected(), channel, 1);
  }

  /** Reads the whole history of a channel, and records it in the reference model. */
  async readHistory(channel: string): Promise<void> {
    const { client } = await this.#connected();
    const found: ReceivedMessage[] = [];
    let after: string | undefined = "0".repeat(26);
    while (after !== undefined) {
      const page: ServerFrame | undefined = await client.request({ message: "history", channel, limit: 5, after });
      if (page?.type !== "history")
        throw new Error(`Expected the history of ${channel}, but received ${JSON.stringify(page)}.`);
      found.push(...page.messages);
      after = page.cursor?.after;
    }
    this.#model.addHistory(channel, found);
  }

  /** Ends the connection. Pending requests continue. */
  end(how: "close" | "terminate"): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = undefined;
    this.#model.close(connection.modelConnection);
    this.#pending.push(how === "close" ? connection.client.close() : connection.client.terminate());
  }

  #perform(
    connection: Connection,
    { act, channel, name }: Pick<Step, "name"> & { act: Act; channel: string },
  ): Promise<void> {
    if (act === "send") return this.#send(connection, channel, 1);
    if (act === "repeat") return this.#repeat(connection, channel);
    if (act === "name") return this.#rename(connection, `user-${name}`);
    return this.#move(connection, channel, act);
  }

  /**
   * At most two requests for one channel overlap. Clients that need an order must wait for answers (docs/protocol.md).
   */
  #move(connection: Connection, channel: string, message: "join" | "leave"): Promise<void> {
    const { client, modelConnection } = connection;
    return change(connection, { what: channel, concurrent: 2 }, async () => {
      const settle = this.#model.move(modelConnection, { channel, requested: message === "join" ? "in" : "out" });
      settle(verdictOf(await client.request({ message, channel })));
    });
  }

  /** Renames do not overlap: a client that returns to a name while it is released would lose it. */
  #rename(connection: Connection, data: string): Promise<void> {
    return change(
      connection,
      { what: "name", concurrent: 1 },
      async () => void (await connection.client.request({ message: "name", data })),
    );
  }

  /** A repeat is recognized by the user's name, so a rename must not overlap it. */
  #repeat(connection: Connection, channel: string): Promise<void> {
    return change(connection, { what: "name", concurrent: 1 }, () => this.#send(connection, channel, 2));
  }

  async #send({ client, modelConnection }: Connection, channel: string, times: number): Promise<void> {
    const { data, settle } = this.#model.send(modelConnection, { channel, times });
    const frame = { message: "sendmessage", channel, data, ...(times > 1 && { id: `once-${data}` }) };
    const answers = await Promise.all(Array.from({ length: times }, () => client.request(frame)));
    const ids = new Set(answers.flatMap((answer) => (answer?.type === "ack" ? (answer.message ?? []) : [])));
    const [id] = ids;
    if (ids.size > 1) throw new Error(`"${data}" was acknowledged as ${[...ids].join(" and ")}.`);
    if (id !== undefined) settle("sent", id);
    else if (answers.every((answer) => answer?.type === "error")) settle("refused");
  }

  async #connected(): Promise<Connection> {
    this.#connection ??= await this.#connect();
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    this.#connections += 1;
    const name = `${this.#name}.${this.#connections}`;
    const modelConnection = this.#model.open(name);
    const settle = this.#model.move(modelConnection, { channel: LOBBY, requested: "in" });
    const client = await this.#connectTo({ name, protocol: this.#protocol }, (text) =>
      modelConnection.received.push(...messagesIn(text)),
    );
    settle("in");
    return { client, modelConnection, batches: new Map() };
  }
}

/** Performs a change. If `concurrent` requests for the same thing are pending, waits until they have ended. */
async function change({ batches }: Connection, { what, concurrent }: Changed, act: () => Promise<void>): Promise<void> {
  const batch = batches.get(what) ?? { pending: new Set(), started: 0 };
  batches.set(what, batch);
  while (batch.pending.size > 0 && batch.started >= concurrent) await Promise.all(batch.pending);
  if (batch.pending.size === 0) batch.started = 0;
  batch.started += 1;
  const done = act().finally(() => batch.pending.delete(done));
  batch.pending.add(done);
  await done;
}

/** The message in a frame. Presence notices are not messages. */
function messagesIn(text: string): ReceivedMessage[] {
  const frame = frameOf(text);
  if (!frame) return [{ data: text }];
  return frame.type === "message" ? [frame] : [];
}

function verdictOf(answer: ServerFrame | undefined): Verdict {
  if (answer?.type === "ack") return answer.request === "join" ? "in" : "out";
  return answer ? "out" : undefined;
}
