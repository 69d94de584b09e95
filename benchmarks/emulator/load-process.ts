/* The process of the clients, so that their CPU is not counted for the server. */
import { once } from "node:events";
import type { WebSocket } from "ws";
import { median, quantile, repeat, timed } from "../harness/measurement.ts";
import { closeAll, connect, connectMany, exchange, exchangeAll } from "../harness/sockets.ts";
import type { Figures } from "./rounds.ts";

const CONNECTIONS = 1_000;
const ECHO_SOCKETS = 100;
const ECHOES_PER_SOCKET = 100;
const ECHOES_IN_A_ROW = 1_000;
const BROADCASTS = 3;

const WARM_UP_ECHOES = 500;

/** Applies each load to a server, one after the other. */
async function measure(url: string): Promise<Figures> {
  await warmUp(url);
  let sockets: WebSocket[] = [];
  const milliseconds = await timed(async () => {
    sockets = await connectMany(url, CONNECTIONS);
  });
  const broadcastMilliseconds = await measureBroadcasts(sockets);
  await closeAll(sockets);
  return {
    connectionsPerSecond: (CONNECTIONS / milliseconds) * 1_000,
    messagesPerSecondInTurn: await measureParallelEchoes(url, exchangeInTurn),
    messagesPerSecondAtOnce: await measureParallelEchoes(url, exchangeAll),
    ...(await measureEchoes(url)),
    broadcastMilliseconds,
  };
}

/** Warms up functions and the JIT compiler, so that neither is measured. */
async function warmUp(url: string): Promise<void> {
  const sockets = await connectMany(url, ECHO_SOCKETS);
  await Promise.all(sockets.map((socket) => exchangeAll(socket, frames(WARM_UP_ECHOES / ECHO_SOCKETS))));
  await closeAll(sockets);
}

async function measureBroadcasts(sockets: readonly WebSocket[]): Promise<number> {
  const connectionIds = await Promise.all(sockets.map((socket) => exchange(socket, '{"message":"identify"}')));
  const [, ...measured] = await repeat(1 + BROADCASTS, (round) =>
    timed(async () => {
      const delivered = sockets.map((socket) => once(socket, "message"));
      sockets[0]?.send(JSON.stringify({ message: "broadcast", connectionIds, data: `round ${round}` }));
      await Promise.all(delivered);
    }),
  );
  // Without the first one, which is a cold start.
  return median(measured);
}

async function measureParallelEchoes(url: string, play: typeof exchangeAll): Promise<number> {
  const sockets = await connectMany(url, ECHO_SOCKETS);
  const milliseconds = await timed(() => Promise.all(sockets.map((socket) => play(socket, frames(ECHOES_PER_SOCKET)))));
  await closeAll(sockets);
  return ((ECHO_SOCKETS * ECHOES_PER_SOCKET) / milliseconds) * 1_000;
}

async function exchangeInTurn(socket: WebSocket, all: readonly string[]): Promise<void> {
  for (const frame of all) await exchange(socket, frame);
}

async function measureEchoes(url: string): Promise<Pick<Figures, "echoMillisecondsP50" | "echoMillisecondsP99">> {
  const socket = await connect(url);
  const all = await repeat(ECHOES_IN_A_ROW, (index) => timed(() => exchange(socket, `hello ${index}`)));
  await closeAll([socket]);
  return { echoMillisecondsP50: median(all), echoMillisecondsP99: quantile(all, 0.99) };
}

const frames = (count: number): string[] => Array.from({ length: count }, (_, index) => `hello ${index}`);

const [url = ""] = process.argv.slice(2);
process.send?.(await measure(url));
process.disconnect();
