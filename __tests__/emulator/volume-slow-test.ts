import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Emulator, start } from "@serverless-chat/emulator";
import { connect } from "@serverless-chat/emulator/testing/client";
import { fixtureStack, returning } from "@serverless-chat/emulator/testing/fixture-stack";
import { expect } from "chai";
import { frame, OPCODE, shakeHands } from "../support/raw-websocket.ts";

const ROUNDS = 3;
const FRAMES = 50_000;
const UPGRADES = 5_000;
const SOCKETS = 20;

/** Growth of the resident memory between the first round and the last. */
const GROWTH_MAX = 1.1;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

async function residentBytes(): Promise<number> {
  // Node.js releases closed sockets in later turns of the event loop.
  await sleep(300);
  collectGarbage();
  collectGarbage();
  return process.memoryUsage.rss();
}

/** Valid JSON that is nested deep, also under the key that selects a route. */
const MESSAGES = [
  `{"message":${"[".repeat(4_000)}${"]".repeat(4_000)}}`,
  `{"message":${'{"message":'.repeat(200)}1${"}".repeat(200)}}`,
  `{"message":"say","data":${"[".repeat(400)}${"]".repeat(400)}}`,
  '{"message":"$connect"}',
];

const FRAMES_SENT = MESSAGES.map((payload) => frame({ opcode: OPCODE.text, payload }));

describe("emulator: 50,000 frames and 5,000 upgrades in three rounds", function () {
  this.timeout(90_000);
  let emulator: Emulator;
  before(async () => {
    const routes = {
      $connect: { code: returning("{ statusCode: 200 }") },
      say: {
        code: "",
        integration: { integration_type: "MOCK", integration_uri: undefined },
      },
      echo: { code: returning("{ statusCode: 200, body: 'done' }"), routeResponse: true },
    };
    emulator = await start({ stackDirectory: fixtureStack({ routes }), throttle: false });
  });
  after(() => emulator.stop());

  it("leave the resident memory within 10 % of that after the first round, and sockets that are served", async () => {
    const resident: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await sendFrames(FRAMES / ROUNDS);
      await upgrade(UPGRADES / ROUNDS);
      resident.push(await residentBytes());
    }
    const client = await connect(emulator.url);
    client.send({ message: "echo" });
    expect(await client.next()).to.equal("done");
    await client.close();
    const [first = 0, , last = 0] = resident;
    expect(last / first, `resident memory after each round: ${resident.join(", ")}`).to.be.below(GROWTH_MAX);
  });

  /** Sends frames from several sockets, and closes each after its last frame. */
  async function sendFrames(count: number): Promise<void> {
    await Promise.all(Array.from({ length: SOCKETS }, () => sendFrom(count / SOCKETS)));
  }

  async function sendFrom(count: number): Promise<void> {
    const { socket } = await shakeHands(emulator.url);
    if (!socket) throw new Error("The emulator refused a valid handshake.");
    socket.resume();
    for (let sent = 0; sent < count; sent += 1) {
      if (!socket.write(FRAMES_SENT[sent % FRAMES_SENT.length] ?? "")) await once(socket, "drain");
    }
    socket.end(frame({ opcode: OPCODE.close }));
    await once(socket, "close");
  }

  async function upgrade(count: number): Promise<void> {
    const callers = Array.from({ length: SOCKETS }, async () => {
      for (let opened = 0; opened < count / SOCKETS; opened += 1) {
        const { socket } = await shakeHands(emulator.url);
        socket?.destroy();
      }
    });
    await Promise.all(callers);
  }
});
