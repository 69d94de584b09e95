import { once } from "node:events";
import type { WebSocket } from "ws";
import { type Figures, median, quantile } from "../harness/measurement.ts";
import { ask, closeAll, connect, connectMany, exchange } from "../harness/sockets.ts";

const CONNECTIONS = 1_000;
const ECHO_SOCKETS = 100;
const ECHOES_PER_SOCKET = 100;
const ECHOES_IN_A_ROW = 1_000;
const BROADCASTS = 3;

const WARM_UP_ECHOES = 500;

/** Plays the whole load against one server, one measure after the other. */
export async function measure(url: string): Promise<Figures> {
  await warmUp(url);
  const { milliseconds, result: sockets } = await timed(() => connectMany(url, CONNECTIONS));
  const broadcastMilliseconds = await measureBroadcasts(sockets);
  await closeAll(sockets);
  return {
    connectionsPerSecond: (CONNECTIONS / milliseconds) * 1_000,
    messagesPerSecondInTurn: await measureParallelEchoes(url, exchangeInTurn),
    messagesPerSecondAtOnce: await measureParallelEchoes(url, exchange),
    ...(await measureEchoes(url)),
    broadcastMilliseconds,
  };
}

/** Functions are cold, and code not yet compiled: neither is what is measured. */
async function warmUp(url: string): Promise<void> {
  const sockets = await connectMany(url, ECHO_SOCKETS);
  await Promise.all(sockets.map((socket) => exchange(socket, frames(WARM_UP_ECHOES / ECHO_SOCKETS))));
  await closeAll(sockets);
}

async function measureBroadcasts(sockets: readonly WebSocket[]): Promise<number> {
  const connectionIds = await Promise.all(sockets.map((socket) => ask(socket, '{"message":"identify"}')));
  const all: number[] = [];
  // The first one is the broadcasting function's cold start.
  for (let round = 0; round <= BROADCASTS; round += 1) {
    const frame = JSON.stringify({ message: "broadcast", connectionIds, data: `round ${round}` });
    const { milliseconds } = await timed(async () => {
      const delivered = sockets.map((socket) => once(socket, "message"));
      sockets[0]?.send(frame);
      await Promise.all(delivered);
    });
    if (round > 0) all.push(milliseconds);
  }
  return median(all);
}

async function measureParallelEchoes(url: string, play: typeof exchange): Promise<number> {
  const sockets = await connectMany(url, ECHO_SOCKETS);
  const { milliseconds } = await timed(() =>
    Promise.all(sockets.map((socket) => play(socket, frames(ECHOES_PER_SOCKET)))),
  );
  await closeAll(sockets);
  return ((ECHO_SOCKETS * ECHOES_PER_SOCKET) / milliseconds) * 1_000;
}

async function exchangeInTurn(socket: WebSocket, all: readonly string[]): Promise<void> {
  for (const frame of all) await exchange(socket, [frame]);
}

async function measureEchoes(url: string): Promise<Pick<Figures, "echoMillisecondsP50" | "echoMillisecondsP99">> {
  const socket = await connect(url);
  const all: number[] = [];
  for (const frame of frames(ECHOES_IN_A_ROW)) all.push((await timed(() => ask(socket, frame))).milliseconds);
  await closeAll([socket]);
  return { echoMillisecondsP50: median(all), echoMillisecondsP99: quantile(all, 0.99) };
}

const frames = (count: number): string[] => Array.from({ length: count }, (_, index) => `hello ${index}`);

async function timed<Result>(act: () => Promise<Result>): Promise<{ milliseconds: number; result: Result }> {
  const begun = performance.now();
  const result = await act();
  return { milliseconds: performance.now() - begun, result };
}
