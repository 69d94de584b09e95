import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { RawData, WebSocket } from "ws";
import { quantile } from "./load/figures.ts";
import { closeAll, connect, connectMany } from "./load/sockets.ts";
import { ownServer } from "./servers/server.ts";

const HELP = `Measures how much one member that does not read delays the acknowledgements of the others, on the emulator.

  npm run bench:slow-reader -- [flags]

  --members N    members of the lobby (200)
  --messages N   messages in each half of a round (500)
  --rounds N     rounds; each measures without and with the slow reader (1)`;

/** Time between the starts of two messages, unless the previous one is not yet acknowledged. */
const PACE_MILLISECONDS = 50;

const WARM_UP_MESSAGES = 50;

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
  const server = await ownServer("chat", new URL("./sockets/chat.ts", import.meta.url)).start();
  try {
    const [sender, ...readers] = await connectMany(server.url, members - 1);
    if (!sender) throw new Error("At least 2 members are required.");
    await acknowledgements(sender, WARM_UP_MESSAGES);
    for (let round = 1; round <= rounds; round += 1) {
      const spare = await connect(server.url);
      const without = await acknowledgements(sender, messages);
      await closeAll([spare]);
      const stalled = await stalledReader(server.url, `stalled-${round}`);
      const withOne = await acknowledgements(sender, messages);
      print(round, without, withOne);
      stalled.terminate();
    }
    await closeAll([sender, ...readers]);
  } finally {
    await server.stop();
  }
}

function print(round: number, without: readonly number[], withOne: readonly number[]): void {
  const shown = (all: readonly number[]): string =>
    [0.5, 0.99, 1].map((share) => `${quantile(all, share).toFixed(1)} ms`).join(" · ");
  console.log(`round ${round}, acknowledgements, p50 · p99 · maximum`);
  console.log(`  all members read      ${shown(without)}`);
  console.log(`  one does not read     ${shown(withOne)}`);
  console.log(`  ratio of the p99      ${(quantile(withOne, 0.99) / quantile(without, 0.99)).toFixed(2)}`);
}

/** Sends messages one at a time. Gives the milliseconds until each is acknowledged. */
async function acknowledgements(sender: WebSocket, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let message = 0; message < count; message += 1) {
    const begun = performance.now();
    await answerTo(sender, { message: "sendmessage", data: `message ${message}`, id: `m-${begun}` });
    all.push(performance.now() - begun);
    await sleep(Math.max(0, begun + PACE_MILLISECONDS - performance.now()));
  }
  return all;
}

/** Connects a client, stops its reading, and sends to it until the emulator has no more room for it. */
async function stalledReader(url: string, name: string): Promise<WebSocket> {
  const stalled = await connect(url);
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
