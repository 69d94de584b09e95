import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { parseRecording, type RecordedStep } from "../inspector/recording.ts";
import type { Emulator } from "../start.ts";
import { FrameMatch } from "./frame-match.ts";

export interface ReplayOptions {
  /** The longest time to wait for a frame, a handshake or a close; default: 5 seconds. */
  readonly timeoutMilliseconds?: number;
  /** How long further frames are awaited at the end; default: 200 milliseconds. */
  readonly settleMilliseconds?: number;
  /**
   * Matches values of the application that differ between sessions, such as generated names. They are compared like ids.
   * ULIDs, UUIDs, times and ids of API Gateway always are.
   */
  readonly ids?: RegExp | undefined;
}

export interface ReplayResult {
  /** How many frames of the server the recording has. */
  readonly frames: number;
  /** One text of several lines for each difference, like a diff: `-` is the recording, `+` the replay. */
  readonly differences: readonly string[];
}

type Step<Event extends RecordedStep["event"]> = Extract<RecordedStep, { readonly event: Event }>;

/**
 * Plays a recorded session against an emulator: the clients connect, send and close in the recorded order, each after
 * the server's recorded frames before it have arrived. The frames of a connection may arrive earlier or in another order
 * than recorded. Throws if the text is not a recording.
 */
export async function replay(
  emulator: Pick<Emulator, "url" | "schedules">,
  recording: string,
  options: ReplayOptions = {},
): Promise<ReplayResult> {
  const steps = parseRecording(recording);
  const session = new ReplayedSession(emulator, steps, options);
  for (const [index, step] of steps.entries()) await session.play(step, index);
  return { frames: steps.filter(({ event }) => event === "server-frame").length, differences: await session.end() };
}

/** A client of the replay. */
interface Peer {
  readonly socket: WebSocket;
  /** Frames that no recorded frame has matched yet. */
  readonly received: string[];
  /** Recorded frames that have not been awaited yet. */
  readonly expected: string[];
  /** `open`, the HTTP status of a refusal, or an error message. */
  handshake: "open" | number | string | undefined;
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Whether the recording also has the end of the connection. */
  isEndExpected: boolean;
}

const isEnded = ({ handshake, closed }: Peer): boolean =>
  closed !== undefined || (handshake !== undefined && handshake !== "open");

class ReplayedSession {
  readonly #emulator: Pick<Emulator, "url" | "schedules">;
  readonly #steps: readonly RecordedStep[];
  readonly #timeoutMilliseconds: number;
  readonly #settleMilliseconds: number;
  readonly #peers = new Map<string, Peer>();
  readonly #match: FrameMatch;
  readonly #differences: string[] = [];
  #wake: () => void = () => undefined;

  constructor(
    emulator: Pick<Emulator, "url" | "schedules">,
    steps: readonly RecordedStep[],
    { timeoutMilliseconds = 5_000, settleMilliseconds = 200, ids }: ReplayOptions,
  ) {
    this.#emulator = emulator;
    this.#match = new FrameMatch(ids);
    this.#steps = steps;
    this.#timeoutMilliseconds = timeoutMilliseconds;
    this.#settleMilliseconds = settleMilliseconds;
  }

  async play(step: RecordedStep, index: number): Promise<void> {
    // The first line of the file has the version.
    const line = index + 2;
    if (step.event === "schedule") return this.#runSchedule(step, line);
    if (step.event === "connect") return void this.#peers.set(step.connection, this.#connect(step));
    const peer = this.#peers.get(step.connection);
    if (!peer) throw new Error(`Line ${line} of the recording is about ${step.connection}, which has not connected.`);
    const where = `line ${line}, ${step.connection}`;
    switch (step.event) {
      case "connected":
        return this.#expectHandshake(peer, "open", where);
      case "refused":
        return this.#expectHandshake(peer, step.status, where);
      case "client-frame":
        if (peer.socket.readyState === WebSocket.OPEN) peer.socket.send(this.#match.translate(step.text));
        return;
      case "server-frame":
        return this.#expectFrame(peer, step.text, where);
      case "client-close":
        return this.#close(peer, step);
      case "server-close":
        return this.#expectClose(peer, step, where);
    }
  }

  /** Closes all connections. Returns all differences. */
  async end(): Promise<readonly string[]> {
    await sleep(this.#settleMilliseconds);
    for (const [label, { received, closed, isEndExpected }] of this.#peers) {
      if (closed && !isEndExpected)
        this.#differ(`at the end, ${label}`, { received: `closed with ${closed.code} ${closed.reason}`.trim() });
      for (const frame of received)
        this.#differ(`at the end, ${label}`, { received: this.#match.describeReceived(frame) });
    }
    for (const { socket } of this.#peers.values()) socket.terminate();
    return this.#differences;
  }

  #connect({ connection, query, headers }: Step<"connect">): Peer {
    const own = Object.entries(headers);
    const protocols = own
      .filter(([name]) => isSubprotocol(name))
      .flatMap(([, values]) => values.join(",").split(/\s*,\s*/));
    const socket = new WebSocket(`${this.#emulator.url}${query}`, protocols, {
      headers: Object.fromEntries(
        own.filter(([name]) => !isSubprotocol(name)).map(([name, values]) => [name, [...values]]),
      ) as unknown as Record<string, string>,
      perMessageDeflate: false,
    });
    const peer: Peer = {
      socket,
      received: [],
      expected: this.#steps
        .filter((step): step is Step<"server-frame"> => step.event === "server-frame" && step.connection === connection)
        .map(({ text }) => text),
      handshake: undefined,
      closed: undefined,
      isEndExpected: false,
    };
    const settle = (change: () => void) => {
      change();
      this.#wake();
    };
    socket.on("open", () => settle(() => (peer.handshake = "open")));
    socket.on("unexpected-response", (request, { statusCode = 0 }) => {
      settle(() => (peer.handshake = statusCode));
      request.destroy();
    });
    socket.on("error", ({ message }) => settle(() => (peer.handshake ??= message)));
    socket.on("message", (data) => settle(() => peer.received.push(String(data))));
    socket.on("close", (code, reason) => settle(() => (peer.closed = { code, reason: String(reason) })));
    return peer;
  }

  async #expectHandshake(peer: Peer, expected: "open" | number, where: string): Promise<void> {
    await this.#until(() => peer.handshake !== undefined);
    if (peer.handshake === expected) return;
    const received = peer.handshake === undefined ? "no answer to the handshake" : handshakeText(peer.handshake);
    this.#differ(where, { recorded: handshakeText(expected), received });
  }

  async #expectFrame(peer: Peer, recorded: string, where: string): Promise<void> {
    peer.expected.shift();
    const find = () => peer.received.findIndex((frame) => this.#match.couldMatch(recorded, frame));
    // A frame that no later recorded frame can match is a difference at once, without the timeout.
    const findStray = () =>
      peer.received.findIndex((frame) => !peer.expected.some((later) => this.#match.couldMatch(later, frame)));
    await this.#until(() => find() >= 0 || findStray() >= 0 || isEnded(peer));
    const [frame] = find() >= 0 ? peer.received.splice(find(), 1) : [];
    if (frame !== undefined && this.#match.matches(recorded, frame)) return;
    const [stray] = findStray() >= 0 ? peer.received.splice(findStray(), 1) : [];
    this.#differ(where, {
      recorded: this.#match.describeRecorded(recorded),
      received: stray === undefined ? undefined : this.#match.describeReceived(stray),
    });
  }

  async #close(peer: Peer, { code, reason }: Step<"client-close">): Promise<void> {
    peer.isEndExpected = true;
    if (code === 1006) peer.socket.terminate();
    else if (code === 1005) peer.socket.close();
    else peer.socket.close(code, reason);
    await this.#until(() => isEnded(peer));
  }

  async #expectClose(peer: Peer, { code, reason }: Step<"server-close">, where: string): Promise<void> {
    peer.isEndExpected = true;
    await this.#until(() => isEnded(peer));
    const recorded = `closed with ${code} ${reason}`.trim();
    const received = peer.closed ? `closed with ${peer.closed.code} ${peer.closed.reason}`.trim() : "still open";
    if (received !== recorded) this.#differ(where, { recorded, received });
  }

  #runSchedule({ name }: Step<"schedule">, line: number): void {
    const run = this.#emulator.schedules.get(name);
    if (run) run();
    else this.#differ(`line ${line}`, { recorded: `schedule ${name}`, received: "the stack has no such schedule" });
  }

  #differ(
    where: string,
    { recorded, received }: { readonly recorded?: string; readonly received?: string | undefined },
  ): void {
    const lines = [recorded !== undefined && `- ${recorded}`, received !== undefined && `+ ${received}`].filter(
      Boolean,
    );
    this.#differences.push([where, ...lines].join("\n"));
  }

  /** Resolves when the condition holds, or after the timeout. */
  async #until(holds: () => boolean): Promise<void> {
    const timeout = AbortSignal.timeout(this.#timeoutMilliseconds);
    const timedOut = new Promise<void>((resolve) => timeout.addEventListener("abort", () => resolve()));
    while (!holds() && !timeout.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([woken, timedOut]);
    }
  }
}

const isSubprotocol = (header: string): boolean => header.toLowerCase() === "sec-websocket-protocol";

function handshakeText(outcome: "open" | number | string): string {
  if (outcome === "open") return "connected";
  return typeof outcome === "number" ? `refused with ${outcome}` : `failed: ${outcome}`;
}
