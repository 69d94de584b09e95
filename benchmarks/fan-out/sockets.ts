import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { median } from "../harness/measurement.ts";
import { connectMany } from "../harness/sockets.ts";
import { ownServer } from "../harness/server-process.ts";

/** How real sockets in one channel fared: on the emulator, with its gateway, its functions and its table. */
export interface Served {
  readonly sockets: number;
  readonly connectionsPerSecond: number;
  /** Median of milliseconds from a message's being sent to its reaching the last of all. */
  readonly last: number;
  /** Deliveries beyond the first: a push that is not answered in time is made again, and may have arrived. */
  readonly again: number;
}

type Heard = Pick<Served, "last" | "again">;

const MESSAGES = 5;
const SECONDS_MAX = 120;

/** Whoever gets a message again gets it soon after. */
const AGAIN_MILLISECONDS = 500;

/** Connects sockets, and says some messages. Throws where one of them did not reach everybody. */
export async function serveSockets(count: number): Promise<Served> {
  const server = await ownServer("chat", new URL("../harness/chat-process.ts", import.meta.url)).start();
  const begun = performance.now();
  const sockets = await connectMany(server.url, count);
  const connectionsPerSecond = (count / (performance.now() - begun)) * 1_000;
  try {
    const all: Heard[] = [];
    for (let message = 0; message < MESSAGES; message += 1) all.push(await say(sockets, `message ${message}`));
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

async function say(sockets: readonly WebSocket[], data: string): Promise<Heard> {
  const times: number[] = [];
  const begun = performance.now();
  const everybody = sockets.map(
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
  const last = Math.max(
    ...(await inTime(Promise.all(everybody), () => `${times.length} of ${sockets.length} heard it.`)),
  );
  await sleep(AGAIN_MILLISECONDS);
  for (const socket of sockets) socket.removeAllListeners("message");
  return { last: last - begun, again: times.length - sockets.length };
}

async function inTime<Result>(result: Promise<Result>, reproach: () => string): Promise<Result> {
  const late = sleep(SECONDS_MAX * 1_000, "late" as const, { ref: false });
  const first = await Promise.race([result, late]);
  if (first === "late") throw new Error(`After ${SECONDS_MAX} seconds, ${reproach()}`);
  return first;
}
