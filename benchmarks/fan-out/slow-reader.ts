import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RawData, WebSocket } from "ws";
import { serverInModule } from "../harness/child-process.ts";
import { repeat } from "../harness/measurement.ts";
import { closeAll, connect, connectMany } from "../harness/sockets.ts";

const ALL_READ = "all-read";
const ONE_DOES_NOT = "one-does-not";

/** Time between the starts of two messages, unless the previous one is not yet acknowledged. */
const INTERVAL_MILLISECONDS = 25;

const WARM_UP_MESSAGES = 25;

/** Nearly the longest frame. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const FILLING = "x".repeat(16_000);

interface SlowReaderOptions {
  /** Members of each channel: at least 2. */
  readonly members: number;
  /** Messages to each channel in a round. */
  readonly messages: number;
  /** Each round has a new client that does not read. */
  readonly rounds: number;
}

/** Milliseconds from sending a message to its acknowledgement. */
export interface Acknowledgements {
  readonly allRead: readonly number[];
  readonly oneDoesNot: readonly number[];
}

/** Measures acknowledgements in two channels of the emulator, one of which has a client that does not read. */
export async function benchSlowReader(options: SlowReaderOptions): Promise<Acknowledgements[]> {
  const { members, messages, rounds } = options;
  const server = await serverInModule("chat", new URL("../harness/chat-process.ts", import.meta.url)).start();
  try {
    const [sender, reader, ...others] = await connectMany(server.url, members);
    if (!sender || !reader) throw new Error(`The benchmark has ${members} members. It needs at least 2.`);
    for (const socket of [sender, reader, ...others]) await join(socket, ALL_READ);
    for (const socket of [sender, ...others]) await join(socket, ONE_DOES_NOT);
    await acknowledgements(sender, WARM_UP_MESSAGES);
    const results = await repeat(rounds, async (round) => {
      const stalled = await stalledReader(server.url, `stalled-${round}`);
      const result = await acknowledgements(sender, messages);
      stalled.terminate();
      return result;
    });
    await closeAll([sender, reader, ...others]);
    return results;
  } finally {
    await server.stop();
  }
}

const join = (socket: WebSocket, channel: string): Promise<object> =>
  replyTo(socket, { message: "join", channel, id: channel });

/** Sends messages one at a time, to both channels in turn. */
async function acknowledgements(sender: WebSocket, count: number): Promise<Acknowledgements> {
  const oneDoesNot: number[] = [];
  const allRead: number[] = [];
  for (let message = 0; message < count; message += 1) {
    oneDoesNot.push(await acknowledgement(sender, ONE_DOES_NOT));
    allRead.push(await acknowledgement(sender, ALL_READ));
  }
  return { allRead, oneDoesNot };
}

async function acknowledgement(sender: WebSocket, channel: string): Promise<number> {
  const startedAt = performance.now();
  await replyTo(sender, { message: "sendmessage", channel, data: "hello", id: `m-${startedAt}` });
  const milliseconds = performance.now() - startedAt;
  await sleep(Math.max(0, INTERVAL_MILLISECONDS - milliseconds));
  return milliseconds;
}

/** Connects a client, stops its reading, and sends to it until the emulator refuses more pushes to it. */
async function stalledReader(url: string, name: string): Promise<WebSocket> {
  const stalled = await connect(url);
  await join(stalled, ONE_DOES_NOT);
  await replyTo(stalled, { message: "name", data: name, id: "name" });
  // The `ws` package has no method that leaves data in the kernel's buffer.
  (stalled as unknown as { readonly _socket: Socket })._socket.pause();
  const filler = await connect(url);
  for (let sent = 0; ; sent += 1) {
    const { type } = await replyTo(filler, { message: "direct", to: name, data: FILLING, id: `fill-${sent}` });
    if (type === "error") break;
  }
  await closeAll([filler]);
  return stalled;
}

interface Frame extends Readonly<Record<string, string>> {
  readonly id: string;
}

/** Sends a frame and returns the reply with its id. Other frames are ignored. */
function replyTo(socket: WebSocket, frame: Frame): Promise<{ readonly type: string }> {
  return new Promise((resolve) => {
    const listen = (data: RawData): void => {
      const text = String(data);
      const reply = text.startsWith("{") ? JSON.parse(text) : {};
      if (reply.id !== frame.id) return;
      socket.off("message", listen);
      resolve(reply);
    };
    socket.on("message", listen);
    socket.send(JSON.stringify(frame));
  });
}
