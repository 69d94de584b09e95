import type { Client, Closed } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { frame, framesOf, OPCODE } from "../support/raw-websocket.ts";
import type { ProbeEvent } from "./probes/order.ts";
import { closing, messageFor, newKey, on, type Stage, soft } from "./stage.ts";
import { isLong } from "./target.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const FRAME_BYTES_MAX = 32_768;
const MESSAGE_BYTES_MAX = 131_072;

const FRAME_TOO_LONG = { code: 1009, reason: "Max frame length of 32768 has been exceeded." };

/** A message of this size, for a route with a short response. */
function sized(bytes: number): string {
  const message = { ...messageFor("answer", { result: { statusCode: 200, body: "heard" } }), pad: "" };
  return JSON.stringify({ ...message, pad: "x".repeat(bytes - JSON.stringify(message).length) });
}

/** Sends a message in frames of the maximum length. */
function sendFragments({ socket }: Client, message: string): void {
  for (let start = 0; start < message.length; start += FRAME_BYTES_MAX) {
    const end = start + FRAME_BYTES_MAX;
    socket.send(message.slice(start, end), { fin: end >= message.length });
  }
}

/** The close frame that the gateway sends after these bytes. */
async function closeFrameAfter(stage: Stage, bytes: Buffer): Promise<Closed> {
  const { socket } = await stage.handshake();
  if (!socket) throw new Error("The handshake was refused.");
  const timeout = setTimeout(() => socket.destroy(new Error("The server sent no close frame.")), 5_000);
  socket.write(bytes);
  for await (const { opcode, payload } of framesOf(socket)) {
    if (opcode !== OPCODE.close) continue;
    clearTimeout(timeout);
    return { code: payload.readUInt16BE(), reason: String(payload.subarray(2)) };
  }
  throw new Error("The socket ended without a close frame.");
}

describe("conformance: limits", () => {
  on("main", (stage) => {
    it("LM-01 closes with 1009 and a reason after a frame above 32 KB", async () => {
      const payload = "x".repeat(33 * 1024);
      expect(await closeFrameAfter(stage, frame({ opcode: OPCODE.text, payload }))).to.deep.equal(FRAME_TOO_LONG);
    });

    it("LM-01 closes with 1009 after one long frame among the fragments of a message", async () => {
      const parts = [
        frame({ opcode: OPCODE.text, payload: "short", isFinal: false }),
        frame({ opcode: OPCODE.continuation, payload: "x".repeat(FRAME_BYTES_MAX + 1) }),
      ];
      expect(await closeFrameAfter(stage, Buffer.concat(parts))).to.deep.equal(FRAME_TOO_LONG);
    });

    it("LM-02 closes with 1009 after a message above 128 KB in frames of 32 KB", async () => {
      const client = await stage.connect();
      sendFragments(client, "x".repeat(MESSAGE_BYTES_MAX + FRAME_BYTES_MAX));
      expect((await closing(client)).code).to.equal(1009);
    });

    soft("LM-03 accepts a frame of 32,768 bytes, and rejects one more byte", async () => {
      const client = await stage.connect();
      client.send(sized(FRAME_BYTES_MAX));
      expect(await client.next()).to.equal("heard");
      client.send(sized(FRAME_BYTES_MAX + 1));
      expect(await closing(client)).to.deep.equal(FRAME_TOO_LONG);
    });

    soft("LM-03 accepts a message of 131,072 bytes, and rejects one more byte", async () => {
      const client = await stage.connect();
      sendFragments(client, sized(MESSAGE_BYTES_MAX));
      expect(await client.next()).to.equal("heard");
      sendFragments(client, sized(MESSAGE_BYTES_MAX + 1));
      expect((await closing(client)).code).to.equal(1009);
    });

    it("LM-04 limits a client that sends a message as one frame to 32 KB", async () => {
      const client = await stage.connect();
      client.send("x".repeat(40_000));
      expect(await closing(client)).to.deep.equal(FRAME_TOO_LONG);
    });

    it("LM-05 closes with 1003 after a binary frame", async () => {
      const { code } = await closeFrameAfter(stage, frame({ opcode: OPCODE.binary, payload: "{}" }));
      expect(code).to.equal(1003);
    });

    soft("LM-09 answers a ping with a pong and its payload", async () => {
      const { socket } = await stage.connect();
      const pong = new Promise<Buffer>((resolve) => socket.once("pong", resolve));
      socket.ping("payload");
      expect(String(await pong)).to.equal("payload");
    });

    it("LM-16 processes the messages of one connection concurrently", async () => {
      const [first, second] = [newKey(), newKey()];
      const client = await stage.connect();
      client.send(messageFor("silent", { awaits: second, record: first }));
      client.send(messageFor("silent", { record: second }));
      expect(await stage.records(first)).to.have.length(1);
    });

    soft("LM-17 delivers sequential posts in order", async () => {
      const { client, connectionId } = await stage.join();
      const posted = ["1", "2", "3", "4", "5"];
      for (const data of posted) await stage.call("POST", connectionId, data);
      const frames: string[] = [];
      while (frames.length < posted.length) frames.push(await client.next());
      expect(frames).to.deep.equal(posted);
    });

    it("LM-18 processes the first message after $connect has ended", async () => {
      const key = newKey();
      const client = await stage.connect({ order: { sleepMilliseconds: 500, record: key } });
      const { requestContext } = await stage.request<ProbeEvent>(client, {});
      expect((await stage.records(key))[0].recordedAt).to.be.at.most(requestContext.requestTimeEpoch);
    });

    soft("LM-19 closes with 1007 after a text that is not UTF-8", async () => {
      const payload = Buffer.from([0x68, 0xc3, 0x28]);
      expect((await closeFrameAfter(stage, frame({ opcode: OPCODE.text, payload }))).code).to.equal(1007);
    });

    if (isLong) {
      it("IN-04 waits 29 seconds for an integration without a configured timeout", async () => {
        const { client } = await stage.join();
        client.send(messageFor("answer", { sleepMilliseconds: 35_000 }));
        expect(await client.frames.next())
          .to.have.property("value")
          .that.matches(/Endpoint request timed out/);
      }).timeout(60_000);
    }
  });

  on("bucket", (stage) => {
    it("LM-13 throttles a route with its own settings separately, and refills its bucket", async () => {
      const { client } = await stage.join();
      const [rationed, ample] = [newKey(), newKey()];
      for (let messages = 0; messages < 20; messages += 1) {
        client.send(messageFor("rationed", { record: rationed }));
        client.send(messageFor("answer", { record: ample }));
      }
      for (let frames = 0; frames < 40; frames += 1) await client.next();
      expect(await stage.recordsSoFar(ample)).to.have.length(20);
      expect(await stage.recordsSoFar(rationed)).to.have.length.within(0, 10);
      const later = newKey();
      while ((await stage.recordsSoFar(later)).length === 0) client.send(messageFor("rationed", { record: later }));
    });
  });
});
