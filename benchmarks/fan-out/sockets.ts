import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { serverInModule } from "../harness/child-process.ts";
import { median, repeat } from "../harness/measurement.ts";
import { connectMany } from "../harness/sockets.ts";

/** The results of real sockets in one channel of the chat on the emulator. */
export interface SocketsResult {
  readonly sockets: number;
  readonly connectionsPerSecond: number;
  /** Median of the milliseconds from sending a message to its last delivery. */
  readonly last: number;
  /** Repeated deliveries. A push that times out is retried, although it may have been delivered. */
  readonly again: number;
}

type Broadcast = Pick<SocketsResult, "last" | "again">;

const MESSAGES = 5;
const SECONDS_MAX = 120;

/** Within this time after the last delivery, repeated deliveries arrive. */
const REPEATED_MILLISECONDS_MAX = 500;

/** Connects sockets and sends messages. Throws if a message does not reach all of them. */
export async function benchSockets(count: number): Promise<SocketsResult> {
  const server = await serverInModule("chat", new URL("../harness/chat-process.ts", import.meta.url)).start();
  const startedAt = performance.now();
  const sockets = await connectMany(server.url, count);
  const connectionsPerSecond = (count / (performance.now() - startedAt)) * 1_000;
  try {
    const all = await repeat(MESSAGES, (message) => broadcast(sockets, `message ${message}`));
    return {
      sockets: count,
      connectionsPerSecond,
      last: median(all.map(({ last }) => last)),
      again: all.reduce((sum, { again }) => sum + again, 0),
    };
  } finally {
    for (const socket of sockets) socket.terminate();
    await server.stop();
  }
}

async function broadcast(sockets: readonly WebSocket[], data: string): Promise<Broadcast> {
  const times: number[] = [];
  const startedAt = performance.now();
  const deliveries = sockets.map(
    (socket) =>
      new Promise<number>((resolve) => {
        socket.on("message", (text) => {
          if (String(text) !== data) return;
          times.push(performance.now());
          resolve(performance.now());
        });
      }),
  );
  sockets[0]?.send(JSON.stringify({ message: "sendmessage", data }));
  const reached = (): string => `only ${times.length} of ${sockets.length} sockets had received a message`;
  const last = Math.max(...(await inTime(Promise.all(deliveries), reached)));
  await sleep(REPEATED_MILLISECONDS_MAX);
  for (const socket of sockets) socket.removeAllListeners("message");
  return { last: last - startedAt, again: times.length - sockets.length };
}

async function inTime<Result>(result: Promise<Result>, state: () => string): Promise<Result> {
  const late = sleep(SECONDS_MAX * 1_000, "late" as const, { ref: false });
  const first = await Promise.race([result, late]);
  if (first === "late") throw new Error(`After ${SECONDS_MAX} seconds, ${state()}.`);
  return first;
}
