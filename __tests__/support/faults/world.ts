import "../function-environment.ts";
import { ulid } from "ulid";
import type { Task } from "../../../chat/fan-out/tasks.ts";
import {
  type ClientFrame,
  clientFrames,
  type ServerFrame,
  type ServerFrameOf,
} from "../../../chat/protocol/client-frames.ts";
import type { Verdict } from "../../../chat/review.ts";
import { runTask } from "../../../chat/use-cases/run-task.ts";
import { connectLambda } from "../../../handlers/connect.ts";
import { handler as echo } from "../../../handlers/default.ts";
import { disconnectLambda } from "../../../handlers/disconnect.ts";
import { routes } from "../../../handlers/routes.ts";
import { pushReplyLambda, routeResponseLambda } from "../../../handlers/runtime/frame-lambda.ts";
import { type RouteResult, workerLambda } from "../../../handlers/runtime/lambda.ts";
import { aContext, anEvent, NOON } from "../builders.ts";
import { aChat, type Chat } from "../chat.ts";
import { allChannelMembers } from "../memory.ts";
import { SEED, seededRandom } from "../random.ts";
import type { FaultCase } from "./cases.ts";
import { type Fault, faultyPorts, type Retrying, type Run } from "./ports.ts";

/** The client's side of a WebSocket. */
export interface Socket {
  readonly id: string;
  readonly connectedAt: number;
  readonly user: string;
  readonly protocol: "plain" | "chat.v1";
  isOpen: boolean;
  /** The received frames, and bare text. */
  readonly received: (ServerFrame | string)[];
}

/** The result of one run of a function. */
export interface Ran extends Run {
  /** Undefined if the function died, so API Gateway got no answer. */
  readonly result: RouteResult | undefined;
}

/** Lambda retries an asynchronous event twice. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const ATTEMPTS_MAX = 3;

/** The maximum number of latest writes that an eventually consistent read does not show. */
const LAG_WRITES_MAX = 6;

type Entry = (ports: Chat) => (event: never, context: ReturnType<typeof aContext>) => Promise<RouteResult | undefined>;

export type Entries = ReadonlyMap<string, Entry>;

/** The users of each channel. */
export type View = Map<string, Set<string>>;

/** The functions that handle no frame, by route key or entry. */
const WITHOUT_FRAMES: Readonly<Record<string, Entry>> = {
  $connect: connectLambda,
  $disconnect: disconnectLambda,
  $default: () => echo,
  "fan-out": (ports) => workerLambda(runTask, ports) as never,
};

/** Each function of the route table, by its route key or its entry. Takes the ports. */
export async function loadEntries(): Promise<Entries> {
  const entries = new Map<string, Entry>(Object.entries(WITHOUT_FRAMES));
  for (const { key, entry, routeResponse } of routes.filter(({ key }) => !entries.has(key))) {
    const exported = Object.values<unknown>(await import(`../../../chat/use-cases/${entry}.ts`));
    const useCase = exported.find((each) => typeof each === "function");
    const schema = (clientFrames as Record<string, unknown>)[key] as never;
    const boundary = routeResponse ? routeResponseLambda : pushReplyLambda;
    entries.set(key, (ports) => boundary(schema, useCase as never, ports) as never);
  }
  return entries;
}

/** The chat's functions on a store in memory, with sockets. One call of a run can have a fault. */
export class World {
  readonly chat: Chat;
  readonly sockets: Socket[] = [];
  readonly #entries: Entries;
  readonly #isAuthenticated: boolean;
  readonly #retrying: Retrying = { isRetry: false };
  /** Closed by a function: API Gateway calls `$disconnect` for each. */
  readonly #closed: Socket[] = [];
  #now = NOON;
  #ids = 0;
  #guests = 0;
  #randoms = 0;
  #reviews = 0;
  /** The random numbers of the package are slow. */
  readonly #idRandom = seededRandom(1);

  constructor(entries: Entries, { doing, isAuthenticated, settings = {}, isReviewed }: FaultCase) {
    this.#entries = entries;
    this.#isAuthenticated = isAuthenticated ?? false;
    const lag = seededRandom(SEED);
    const chat = aChat({
      now: () => this.#now,
      retrying: this.#retrying,
      lag: () => lag.below(LAG_WRITES_MAX),
      authentication: isAuthenticated ? "jwt" : "none",
      ...settings,
    });
    this.chat = {
      ...chat,
      newMessageId: () => ulid(this.#now + this.#ids++, () => this.#idRandom.below(32) / 32),
      // Consecutive numbers are far apart: a repeat that chose at random would choose differently.
      random: () => ((this.#randoms++ * 5) % 8) / 8,
      ...(isReviewed && { reviewer: { onFailure: "deny", ask: async ({ data }) => this.#review(data, doing) } }),
      newSuffix: () => String(this.#guests++).padStart(6, "a"),
      push: async (id, frame) => this.#push(id, frame),
      probe: async (id) => (this.#socketOf(id)?.isOpen ? "open" : "gone"),
      close: async (id) => {
        const socket = this.#socketOf(id);
        if (socket?.isOpen) this.#closed.push(socket);
        if (socket) socket.isOpen = false;
        return "gone";
      },
    };
  }

  /** Opens a connection. It stays closed if the handshake fails. */
  async connect(user: string, fault?: Fault): Promise<{ readonly socket: Socket; readonly ran: Ran }> {
    const id = `${String(this.sockets.length).padStart(15, "A")}=`;
    const protocol = user === "plain" ? "plain" : "chat.v1";
    const socket: Socket = { id, connectedAt: this.#now, user, protocol, isOpen: false, received: [] };
    this.sockets.push(socket);
    const ran = await this.#run(socket, "$connect", { fault });
    socket.isOpen = ran.result?.statusCode === 200;
    return { socket, ran };
  }

  /** Ends a connection, and runs `$disconnect`. */
  async disconnect(socket: Socket, fault?: Fault): Promise<Ran> {
    socket.isOpen = false;
    return this.#run(socket, "$disconnect", { fault });
  }

  /** Sends a frame, and returns the answer that its client receives. */
  async send(socket: Socket, frame: ClientFrame, fault?: Fault): Promise<Ran & { answer?: ServerFrame }> {
    const before = socket.received.length;
    const ran = await this.#run(socket, frame.message, { body: JSON.stringify(frame), fault });
    if (ran.result?.body !== undefined && socket.isOpen) socket.received.push(parsed(ran.result.body));
    const answers = socket.received.slice(before).filter((each) => typeof each === "object" && isAnswer(each));
    return { ...ran, answer: answers.at(-1) as ServerFrame };
  }

  /**
   * Runs all tasks that were handed over, each at most three times, as Lambda does. Returns the first run, which has the
   * fault.
   */
  async drain(fault?: Fault): Promise<Run> {
    for (let socket = this.#closed.shift(); socket; socket = this.#closed.shift()) await this.disconnect(socket);
    const first: Run = { calls: [], isDead: false };
    let [run, wrong] = [first, fault];
    for (let task = this.#nextTask(); task; task = this.#nextTask()) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const isDone = await this.#work(task, { run, fault: wrong });
        [run, wrong] = [{ calls: [], isDead: false }, undefined];
        if (isDone) break;
      }
    }
    return first;
  }

  /** The users of all open connections that `members` lists, by channel. */
  async listed(channels: readonly string[]): Promise<View> {
    const view: View = new Map();
    for (const channel of channels) {
      const members = await allChannelMembers(this.chat, channel);
      view.set(channel, new Set(members.filter(({ id }) => this.#socketOf(id)?.isOpen).map(({ user }) => user)));
    }
    return view;
  }

  /** The names of the users of all open connections. */
  async namesInUse(): Promise<string[]> {
    const open = this.sockets.filter(({ isOpen }) => isOpen);
    const stored = await Promise.all(open.map(({ id }) => this.chat.connections.get(id)));
    return stored.flatMap((connected) => connected?.user ?? []);
  }

  /** All pages of the history of a channel or a conversation. */
  async history(
    socket: Socket,
    place: { readonly channel: string } | { readonly direct: string },
  ): Promise<ServerFrameOf<"history" | "conversation">[]> {
    const pages: ServerFrameOf<"history" | "conversation">[] = [];
    for (let after: string | undefined = "0".repeat(26); after !== undefined; ) {
      this.pass(60_000);
      const { answer } = await this.send(socket, { message: "history", ...place, limit: 100, after });
      if (answer?.type !== "history" && answer?.type !== "conversation")
        throw new Error(`Expected the history of ${JSON.stringify(place)}, but received ${JSON.stringify(answer)}.`);
      pages.push(answer);
      after = answer.cursor?.after;
    }
    return pages;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Replaces the text of the tested action, each time with another one. */
  #review(data: string, doing: FaultCase["doing"]): Verdict {
    if (typeof doing !== "object" || !("data" in doing) || doing.data !== data) return { decision: "allow" };
    this.#reviews += 1;
    return { decision: "replace", data: `reviewed ${this.#reviews}` };
  }

  #nextTask = (): Task | undefined => this.chat.tasks.shift() ?? this.chat.departureTasks.shift();

  async #work(task: Task, { run, fault }: { readonly run: Run; readonly fault: Fault | undefined }) {
    const ports = faultyPorts(this.chat, { run, retrying: this.#retrying, ...(fault && { fault }) });
    try {
      await this.#entries.get("fan-out")?.(ports)(task as never, aContext());
      return !run.isDead;
    } catch {
      return false;
    }
  }

  async #run(
    socket: Socket,
    routeKey: string,
    { body, fault }: { body?: string; fault?: Fault | undefined },
  ): Promise<Ran> {
    this.pass(1000);
    const run: Run = { calls: [], isDead: false };
    const ports = faultyPorts(this.chat, { run, retrying: this.#retrying, ...(fault && { fault }) });
    const { id: connectionId, connectedAt, user } = socket;
    const authorizer = this.#isAuthenticated ? { user, groups: '["staff"]' } : {};
    const identity = { sourceIp: `192.0.2.${user.length}` };
    const headers = { "Sec-WebSocket-Protocol": socket.protocol };
    const event = anEvent({
      routeKey,
      connectionId,
      connectedAt,
      requestTimeEpoch: this.#now,
      authorizer,
      identity,
      headers,
      ...(body && { body }),
    });
    const result = await this.#entries.get(routeKey)?.(ports)(event as never, aContext());
    return { ...run, result: run.isDead ? undefined : result };
  }

  #socketOf = (id: string): Socket | undefined => this.sockets.find((socket) => socket.id === id);

  #push(id: string, text: string) {
    const socket = this.#socketOf(id);
    if (!socket?.isOpen) return "gone";
    socket.received.push(parsed(text));
    return "delivered";
  }
}

function parsed(text: string): ServerFrame | string {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const isAnswer = (frame: ServerFrame): boolean =>
  ["ack", "error", "history", "conversation", "conversations", "members", "channels", "unread"].includes(frame.type);
