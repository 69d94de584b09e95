import { ulid } from "ulid";
import type { VirtualClock } from "../../../benchmarks/simulation/clock.ts";
import type { Task } from "../../../chat/fan-out/tasks.ts";
import type { RouteResult } from "../../../handlers/runtime/lambda.ts";
import { aContext, anEvent, NOON } from "../builders.ts";
import { aChat, type Chat } from "../chat.ts";
import { type Fault, WAYS } from "../faults/ports.ts";
import type { Entries } from "../faults/world.ts";
import type { Random } from "../random.ts";
import { functionPorts, type Invocation } from "./function-ports.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const CONNECTION_MILLISECONDS_MAX = 2 * 60 * 60_000;
const IDLE_MILLISECONDS_MAX = 10 * 60_000;

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRIES_MILLISECONDS = [0, 60_000, 120_000];

/** Each connection has a token of its own. */
const TOKEN_MILLISECONDS_MAX = 60 * 60_000;

const COLD_START_PERCENT = 2;

const SLOW_MILLISECONDS_MAX = 5_000;

/** The client's side of a connection. */
export interface Peer {
  readonly user: string;
  receive(text: string): void;
  closed(code: number): void;
}

/** A connection as API Gateway has it. */
export interface GatewayConnection extends Peer {
  readonly id: string;
  readonly connectedAt: number;
  state: "opening" | "open" | "closed";
  activeAt: number;
  /** When the token of an authenticated user ends, in epoch milliseconds. */
  readonly expiresAt: number;
}

export interface GatewayOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly entries: Entries;
  readonly isAuthenticated: boolean;
  /** How many of 1,000 invocations have a call that goes wrong. */
  readonly faultsPerMille: number;
}

/** API Gateway and the chat's functions on virtual time, on a store in memory that survives restarts. */
export class VirtualGateway {
  readonly chat: Chat;
  readonly #options: GatewayOptions;
  readonly #connections = new Map<string, GatewayConnection>();
  #restarts = 0;
  #isDown = false;
  #faultsPerMille: number;
  /** Until when pushes to a user fail, in milliseconds of the clock. */
  readonly #pushesFailUntil = new Map<string, number>();
  #ids = 0;
  #guests = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#faultsPerMille = options.faultsPerMille;
    const { clock, random, isAuthenticated } = options;
    const fraction = (): number => random.below(2 ** 32) / 2 ** 32;
    this.chat = {
      ...aChat({ now: this.#now, authentication: isAuthenticated ? "jwt" : "none" }),
      newMessageId: () => ulid(this.#now(), fraction),
      newSuffix: () => String(this.#guests++).padStart(6, "a"),
      random: fraction,
      pause: clock.pause,
      push: async (id, text) => {
        const until = this.#pushesFailUntil.get(this.#connections.get(id)?.user ?? "") ?? 0;
        return until > clock.now() ? { failed: "Broken" } : this.#push(id, text);
      },
      probe: async (id) => (this.#connections.get(id)?.state === "open" ? "open" : "gone"),
      close: async (id) => {
        const connection = this.#connections.get(id);
        if (connection) this.#close(connection, 1000);
        return "gone";
      },
      handOver: async (task) => void this.#work(task),
    };
  }

  /** Resolves with the connection, or with the status of the refused handshake. */
  async open(peer: Peer): Promise<GatewayConnection | number> {
    if (this.#isDown) return 503;
    const id = `${String(this.#ids++).padStart(15, "A")}=`;
    const now = this.#now();
    const expiresAt = now + this.#options.random.below(TOKEN_MILLISECONDS_MAX);
    const connection: GatewayConnection = { ...peer, id, connectedAt: now, state: "opening", activeAt: now, expiresAt };
    this.#connections.set(id, connection);
    const result = await this.#run(connection, "$connect");
    if (result?.statusCode !== 200 || connection.state === "closed") {
      this.#connections.delete(id);
      return result?.statusCode ?? 500;
    }
    connection.state = "open";
    this.#options.clock.after(CONNECTION_MILLISECONDS_MAX, () => this.#close(connection, 1001));
    this.#closeIdle(connection);
    return connection;
  }

  async receive(connection: GatewayConnection, body: string): Promise<void> {
    if (connection.state !== "open") return;
    connection.activeAt = this.#now();
    const { message = "$default" } = JSON.parse(body);
    const result = await this.#run(connection, message, body);
    if (!result) {
      const fault = { message: "Internal server error", connectionId: connection.id, requestId: "AAAAAAAAAAAAAAA=" };
      this.#push(connection.id, JSON.stringify(fault));
    } else if (result.body !== undefined) this.#push(connection.id, result.body);
  }

  /** The client closed the connection, or the network reports that it is gone. */
  hangUp(connection: GatewayConnection): void {
    this.#close(connection, 1006);
  }

  /** Ends every connection and every function, and `$disconnect` is not run. */
  restart(downMilliseconds: number): void {
    this.#restarts += 1;
    this.#isDown = true;
    for (const connection of this.#connections.values()) {
      connection.state = "closed";
      connection.closed(1006);
    }
    this.#connections.clear();
    this.#options.clock.after(downMilliseconds, () => {
      this.#isDown = false;
    });
  }

  failPushesTo(user: string, milliseconds: number): void {
    this.#pushesFailUntil.set(user, this.#options.clock.now() + milliseconds);
  }

  /** From now on, no call goes wrong. */
  heal(): void {
    this.#faultsPerMille = 0;
    this.#pushesFailUntil.clear();
  }

  readonly #now = (): number => NOON + Math.floor(this.#options.clock.now());

  #close(connection: GatewayConnection, code: number): void {
    if (connection.state === "closed") return;
    const wasOpen = connection.state === "open";
    connection.state = "closed";
    connection.closed(code);
    this.#connections.delete(connection.id);
    if (wasOpen) void this.#run(connection, "$disconnect");
  }

  #closeIdle(connection: GatewayConnection): void {
    const idleMilliseconds = this.#now() - connection.activeAt;
    if (idleMilliseconds >= IDLE_MILLISECONDS_MAX) this.#close(connection, 1001);
    if (connection.state !== "open") return;
    this.#options.clock.after(IDLE_MILLISECONDS_MAX - idleMilliseconds, () => this.#closeIdle(connection));
  }

  #push(id: string, text: string) {
    const connection = this.#connections.get(id);
    if (connection?.state !== "open") return "gone";
    connection.activeAt = this.#now();
    connection.receive(text);
    return "delivered";
  }

  async #run(connection: GatewayConnection, routeKey: string, body?: string): Promise<RouteResult | undefined> {
    const { id: connectionId, connectedAt, user } = connection;
    const event = anEvent({
      routeKey,
      connectionId,
      connectedAt,
      authorizer: this.#options.isAuthenticated ? { user, groups: "[]", expiresAt: connection.expiresAt } : {},
      identity: { sourceIp: "192.0.2.1" },
      headers: { "Sec-WebSocket-Protocol": "chat.v1" },
      ...(body !== undefined && { body }),
    });
    const { invocation, outcome } = await this.#invoke(routeKey, event);
    return invocation.isDead ? undefined : (outcome as RouteResult);
  }

  /** Lambda retries an asynchronous event twice. */
  async #work(task: Task): Promise<void> {
    for (const wait of RETRIES_MILLISECONDS) {
      await this.#options.clock.pause(wait);
      const { invocation, outcome } = await this.#invoke("fan-out", task);
      if (!invocation.isDead && outcome !== "failed") return;
    }
  }

  async #invoke(entry: string, event: unknown): Promise<{ invocation: Invocation; outcome: unknown }> {
    const { clock, random, entries } = this.#options;
    const restarts = this.#restarts;
    const invocation: Invocation = {
      clock,
      fault: this.#drawFault(),
      latency: () => this.#drawLatency(),
      isRunning: () => restarts === this.#restarts,
      calls: 0,
      isDead: false,
    };
    if (random.below(100) < COLD_START_PERCENT) await clock.pause(random.below(1_000));
    const getRemainingTimeInMillis = () => this.#now() + 30_000 - Date.now();
    const handle = entries.get(entry)?.(functionPorts(this.chat, invocation));
    const context = { ...aContext(), getRemainingTimeInMillis };
    const outcome = await handle?.(event as never, context).catch(() => "failed");
    return { invocation, outcome };
  }

  /** A guest can reconnect while a slow function stores its message: it is then stored twice, as docs/protocol.md says. */
  #drawLatency(): number {
    const { random, isAuthenticated } = this.#options;
    const isSlow = isAuthenticated && random.below(10_000) < this.#faultsPerMille;
    return 1 + random.below(isSlow ? SLOW_MILLISECONDS_MAX : 8);
  }

  #drawFault(): Fault | undefined {
    const { random } = this.#options;
    if (random.below(1_000) >= this.#faultsPerMille) return undefined;
    return { at: random.below(12), way: random.pick(WAYS) };
  }
}
