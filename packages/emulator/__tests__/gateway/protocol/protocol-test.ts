import { EventEmitter, once } from "node:events";
import type { Socket } from "node:net";
import { expect } from "chai";
import { BINARY, bytesOf, CLOSE as CLOSE_OPCODE, FIN, frame, PING, type RawFrame, text } from "./frame-bytes.ts";
import { type FrameCase, frameCases } from "./frame-cases.ts";
import { type HandshakeCase, handshakeCases, requestOf } from "./handshake-cases.ts";
import {
  converse,
  converseWith,
  converseWithUndici,
  type EchoServer,
  request,
  startEmulator,
  startWs,
} from "./servers.ts";

/*
 * RFC 6455 with bytes that are written by hand. docs/conformance.md lists the cases. Other implementations judge the
 * expectations: the same bytes go to the server of ws and to the client of undici, and each difference is declared.
 */

const perCase = <Case extends { readonly title: string }>(
  cases: Readonly<Record<string, readonly Case[]>>,
  test: (each: Case) => Promise<void>,
): void => {
  for (const [heading, all] of Object.entries(cases)) {
    describe(heading.toLowerCase(), () => {
      for (const each of all) it(each.title, () => test(each));
    });
  }
};

const CLOSE = /^close/;

/** After frames without a close frame, the test closes the connection. */
const untilClosed = (frames: readonly string[]): readonly string[] =>
  CLOSE.test(frames.at(-1) ?? "") ? frames : [...frames, "close 1000"];

/** Only the codes of close frames are compared, because implementations have reasons of their own. */
const withoutReasons = (frames: readonly string[]): string[] =>
  frames.map((frame) => (CLOSE.test(frame) ? frame.split(" ").slice(0, 2).join(" ") : frame));

async function responseOf(server: EchoServer, handshake: HandshakeCase) {
  const { status, headers, socket } = await request(server, requestOf(handshake, server));
  socket.destroy();
  return { status, headers };
}

function testServer(start: () => Promise<EchoServer>): () => EchoServer {
  let server: EchoServer;
  before(async () => {
    server = await start();
  });
  after(() => server.stop());
  return () => server;
}

describe("gateway/protocol", () => {
  describe("opening handshakes with the emulator", () => {
    const server = testServer(startEmulator);
    perCase<HandshakeCase>(handshakeCases, async (handshake) => {
      const { status, headers } = await responseOf(server(), handshake);
      expect(status).to.equal(handshake.status);
      for (const [name, value] of Object.entries(handshake.response ?? {})) expect(headers[name], name).to.equal(value);
    });
  });

  describe("opening handshakes with the server of ws", () => {
    const server = testServer(startWs);
    perCase<HandshakeCase>(handshakeCases, async (handshake) => {
      const { status } = await responseOf(server(), handshake);
      expect(status).to.equal(handshake.ws ?? handshake.status);
    });
  });

  describe("frames to the emulator", () => {
    const server = testServer(startEmulator);
    perCase<FrameCase>(frameCases, async ({ sends, receives, byByte }) => {
      const frames = await converseWith(server(), { sends, count: receives.length, byByte });
      expect(frames).to.deep.equal(untilClosed(receives));
    });
  });

  describe("frames to the server of ws", () => {
    const server = testServer(startWs);
    perCase<FrameCase>(frameCases, async ({ sends, receives, byByte, ws = receives }) => {
      const frames = await converseWith(server(), { sends, count: ws.length, byByte });
      expect(withoutReasons(frames)).to.deep.equal(withoutReasons(untilClosed(ws)));
    });
  });

  describe("frames to the client of undici", () => {
    perCase<FrameCase>(frameCases, async ({ sends, receives, byByte, undici = receives }) => {
      const frames = await converseWithUndici({ sends, count: undici.length, byByte });
      expect(withoutReasons(frames)).to.deep.equal(withoutReasons(untilClosed(undici)));
    });
  });

  describe("connections to the emulator", () => {
    const disconnects = new EventEmitter();
    const server = testServer(() => startEmulator((code) => disconnects.emit("code", code)));
    const accepted = async (frames: readonly RawFrame[] = []): Promise<Socket> => {
      const sent = frames.map((each) => bytesOf(each, "client").toString("latin1"));
      return (await request(server(), [requestOf({}, server()), ...sent].join(""))).socket;
    };
    const code = async () => Number((await once(disconnects, "code"))[0]);

    it("answers a frame in the packet of the handshake", async () => {
      const left = code();
      const socket = await accepted([frame(FIN | PING, "early")]);
      expect(await converse(socket, { sender: "client", sends: [], count: 1 })).to.deep.equal([
        "pong early",
        "close 1000",
      ]);
      expect(await left).to.equal(1000);
    });

    it("ends a connection that the client ends without a close frame, with 1006", async () => {
      const socket = await accepted();
      const left = code();
      socket.resume().end();
      await once(socket, "close");
      expect(await left).to.equal(1006);
    });

    it("treats a reset connection as closed with 1006", async () => {
      const socket = await accepted();
      const left = code();
      socket.resetAndDestroy();
      expect(await left).to.equal(1006);
    });

    it("ends a connection in the middle of a frame with 1006", async () => {
      const socket = await accepted();
      const left = code();
      socket.resume().end(bytesOf(text("hello"), "client").subarray(0, 8));
      expect(await left).to.equal(1006);
    });

    it("runs $disconnect with 1005 for a close frame without a code", async () => {
      const left = code();
      await converse(await accepted(), { sender: "client", sends: [frame(FIN | CLOSE_OPCODE)], count: 1 });
      expect(await left).to.equal(1005);
    });

    it("runs $disconnect without waiting for a client that does not answer its close frame", async () => {
      const socket = await accepted();
      const left = code();
      socket.resume().write(bytesOf(frame(FIN | BINARY), "client"));
      expect(await left).to.equal(1003);
      expect(socket.destroyed).to.equal(false);
      socket.destroy();
    });
  });
});
