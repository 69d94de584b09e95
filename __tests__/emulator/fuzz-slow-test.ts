import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Emulator, start } from "@serverless-chat/emulator";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack, returning } from "@serverless-chat/emulator/testing/fixture-stack";
import { expect } from "chai";
import { hostileFrame, hostileRequest } from "../support/hostile.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { frame, OPCODE, shakeHands } from "../support/raw-websocket.ts";

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);

/** The number of hostile frames and requests. The warm-up fills caches before the first measurement. */
const WARM_UP = 2_000;
const STORM = 8_000;

const FRAMES_PER_SOCKET = 20;
const ATTACKERS = 16;

/** Growth of the heap that is not a leak: compiled code and caches of Node.js. */
const GROWTH_BYTES_MAX = 12 * 1024 * 1024;

const ok = returning("{ statusCode: 200 }");

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

async function heapBytes(): Promise<number> {
  // Node.js releases closed sockets in later turns of the event loop.
  await sleep(200);
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe(`emulator: 10,000 hostile frames and requests (FUZZ_SEED=${SEED})`, function () {
  this.timeout(120_000);
  const random = seededRandom(SEED);
  let emulator: Emulator;
  before(async () => {
    const routes = {
      $connect: { code: ok },
      $disconnect: { code: ok },
      $default: { code: returning("{ statusCode: 200, body: event.body }"), routeResponse: true },
      say: { code: ok },
    };
    emulator = await start({ stackDirectory: fixtureStack({ routes }), throttle: false });
  });
  after(() => emulator.stop());

  it("do not affect other clients, leak memory, or leave sockets open", async () => {
    await storm(WARM_UP);
    const [heap, sockets] = [await heapBytes(), openSockets()];

    const clients = await Promise.all(Array.from({ length: 5 }, () => connect(emulator.url)));
    const stalledSockets = await openStalledSockets();
    let isOver = false;
    const served = Promise.all(clients.map((client) => echo(client, () => isOver)));
    await storm(STORM);
    isOver = true;
    for (const count of await served) expect(count).to.be.greaterThan(0);
    await Promise.all(clients.map((client) => client.close()));
    for (const socket of stalledSockets) socket.destroy();

    const newcomer = await connect(emulator.url);
    expect(await newcomer.untilEcho()).to.deep.equal([]);
    await newcomer.close();
    expect((await heapBytes()) - heap).to.be.below(GROWTH_BYTES_MAX);
    expect(openSockets()).to.be.at.most(sockets);
  });

  /** Sends this number of hostile frames and requests, from a fixed number of simultaneous attackers. */
  async function storm(count: number): Promise<void> {
    let left = count;
    const attackers = Array.from({ length: ATTACKERS }, async () => {
      while (left > 0) {
        const attack = random.below(2 * FRAMES_PER_SOCKET) === 0 ? sendFrames : sendRequest;
        const sent = await attack(random);
        left -= sent;
      }
    });
    await Promise.all(attackers);
  }

  /** Sends a valid handshake and then invalid frames. */
  async function sendFrames(random: Random): Promise<number> {
    const { socket } = await shakeHands(emulator.url);
    if (!socket) throw new Error("The emulator refused a valid handshake.");
    const bytes = Buffer.concat(Array.from({ length: FRAMES_PER_SOCKET }, () => hostileFrame(random)));
    const cut = random.below(bytes.length);
    await write(socket, [bytes.subarray(0, cut), bytes.subarray(cut)]);
    await closeSocket(socket, random);
    return FRAMES_PER_SOCKET;
  }

  /** Opens sockets that send half a request, half a message or half a frame, and then nothing more. */
  async function openStalledSockets(): Promise<Duplex[]> {
    const { hostname, port } = new URL(emulator.url);
    const incompleteRequests = [
      "",
      "GET",
      "GET /test HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Slow: ",
    ];
    const callers = incompleteRequests.map((text) => ({ socket: connectSocket(Number(port), hostname), text }));
    const incompleteFrames = [
      frame({ opcode: OPCODE.text, payload: "begun", isFinal: false }),
      frame({ opcode: OPCODE.text, payload: "x".repeat(100) }).subarray(0, 20),
    ];
    const sockets = callers.map(({ socket }) => socket as Duplex);
    for (const { socket, text } of callers) await write(socket, [text]);
    for (const bytes of incompleteFrames) {
      const { socket } = await shakeHands(emulator.url);
      if (socket) sockets.push(socket);
      if (socket) await write(socket, [bytes]);
    }
    return sockets;
  }

  async function sendRequest(random: Random): Promise<number> {
    const addresses = [emulator.url, emulator.url, emulator.managementUrl, emulator.dynamodbUrl, emulator.endpointUrl];
    const { hostname, port } = new URL(random.pick(addresses));
    const socket = connectSocket(Number(port), hostname);
    await once(socket, "connect");
    await write(socket, [hostileRequest(random, "/test")]);
    await closeSocket(socket, random);
    return 1;
  }
});

/** Writes the chunks in order. Ignores errors, because the emulator may close the socket at any time. */
async function write(socket: Duplex, chunks: readonly (Buffer | string)[]): Promise<void> {
  socket.on("error", () => undefined);
  socket.resume();
  for (const chunk of chunks) {
    if (!socket.destroyed) await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
  }
}

/** Closes the socket after a random time, with or without a FIN before. */
async function closeSocket(socket: Duplex, random: Random): Promise<void> {
  await Promise.race([once(socket, "close").catch(() => undefined), sleep(random.below(20))]);
  if (random.below(2) === 0) socket.end();
  await sleep(random.below(5));
  socket.destroy();
}

/** Sends one message after the other, and expects each echo before the next message. Returns the number of messages. */
async function echo(client: Client, isOver: () => boolean): Promise<number> {
  let count = 0;
  for (; !isOver(); count += 1) {
    const text = `well-behaved ${count}`;
    client.send(text);
    expect(await client.next()).to.equal(text);
  }
  return count;
}

const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
