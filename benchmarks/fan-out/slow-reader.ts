import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { RawData, WebSocket } from "ws";
import { quantile } from "../harness/measurement.ts";
import { closeAll, connect, connectMany } from "../harness/sockets.ts";
import { ownServer } from "../harness/server-process.ts";

const HELP = `Measures how much one member that does not read delays the acknowledgements of the others, on the emulator.
Messages alternate between two channels with the same members. In one of them, a client has stopped reading.

  npm run bench:slow-reader -- [flags]

  --members N    members of each channel (200)
  --messages N   messages to each channel in a round (500)
  --rounds N     rounds; each has a new client that does not read (1)`;

const ALL_READ = "all-read";
const ONE_DOES_NOT = "one-does-not";

/** Time between the starts of two messages, unless the previous one is not yet acknowledged. */
const PACE_MILLISECONDS = 25;

const WARM_UP_MESSAGES = 25;

/** As long as one frame can be. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const FILLING = "x".repeat(16_000);

const { values } = parseArgs({
  options: {
    help: { type: "boolean", default: false },
    members: { type: "string", default: "200" },
    messages: { type: "string", default: "500" },
    rounds: { type: "string", default: "1" },
  },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

if (values.help) console.log(HELP);
else await measure(numberOf("members"), numberOf("messages"), numberOf("rounds"));

function numberOf(name: "members" | "messages" | "rounds"): number {
  const text = values[name];
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Error(`--${name} is ${text}, but must be a number from 1 to 9999.`);
}

async function measure(members: number, messages: number, rounds: number): Promise<void> {
  const server = await ownServer("chat", new URL("../harness/chat-process.ts", import.meta.url)).start();
  try {
    const [sender, reader, ...others] = await connectMany(server.url, members);
    if (!sender || !reader) throw new Error(`--members is ${members}, but must be at least 2.`);
    for (const socket of [sender, reader, ...others]) await join(socket, ALL_READ);
    for (const socket of [sender, ...others]) await join(socket, ONE_DOES_NOT);
    await acknowledgements(sender, WARM_UP_MESSAGES);
    for (let round = 1; round <= rounds; round += 1) {
      const stalled = await stalledReader(server.url, `stalled-${round}`);
      print(round, await acknowledgements(sender, messages));
      stalled.terminate();
    }
    await closeAll([sender, reader, ...others]);
  } finally {
    await server.stop();
  }
}

interface Acknowledgements {
  readonly allRead: readonly number[];
  readonly oneDoesNot: readonly number[];
}

function print(round: number, { allRead, oneDoesNot }: Acknowledgements): void {
  const shown = (all: readonly number[]): string =>
    [0.5, 0.99, 1].map((share) => `${quantile(all, share).toFixed(1)} ms`).join(" · ");
  console.log(`round ${round}, acknowledgements, p50 · p99 · maximum`);
  console.log(`  all members read      ${shown(allRead)}`);
  console.log(`  one does not read     ${shown(oneDoesNot)}`);
  console.log(`  ratio of the p99      ${(quantile(oneDoesNot, 0.99) / quantile(allRead, 0.99)).toFixed(2)}`);
}

function join(socket: WebSocket, channel: string): Promise<object> {
  return answerTo(socket, { message: "join", channel, id: channel });
}

/** Sends messages one at a time, to both channels in turn. Gives the milliseconds until each is acknowledged. */
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
  const begun = performance.now();
  await answerTo(sender, { message: "sendmessage", channel, data: "hello", id: `m-${begun}` });
  const milliseconds = performance.now() - begun;
  await sleep(Math.max(0, PACE_MILLISECONDS - milliseconds));
  return milliseconds;
}

/** Connects a client, stops its reading, and sends to it until the emulator has no more room for it. */
async function stalledReader(url: string, name: string): Promise<WebSocket> {
  const stalled = await connect(url);
  await join(stalled, ONE_DOES_NOT);
  await answerTo(stalled, { message: "name", data: name, id: "name" });
  // The `ws` package has no method that keeps the kernel's buffer unread.
  (stalled as unknown as { readonly _socket: Socket })._socket.pause();
  const filler = await connect(url);
  for (let sent = 0; ; sent += 1) {
    const { type } = await answerTo(filler, { message: "direct", to: name, data: FILLING, id: `fill-${sent}` });
    if (type === "error") break;
  }
  await closeAll([filler]);
  return stalled;
}

interface Frame extends Readonly<Record<string, string>> {
  readonly id: string;
}

/** Sends a frame, and gives the answer with its id. Other frames are ignored. */
function answerTo(socket: WebSocket, frame: Frame): Promise<{ readonly type: string }> {
  return new Promise((resolve) => {
    const listen = (data: RawData): void => {
      const text = String(data);
      const answer = text.startsWith("{") ? JSON.parse(text) : {};
      if (answer.id !== frame.id) return;
      socket.off("message", listen);
      resolve(answer);
    };
    socket.on("message", listen);
    socket.send(JSON.stringify(frame));
  });
}
