import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { frame, OPCODE } from "../support/raw-websocket.ts";
import type { ProbeEvent } from "./probes/order.ts";
import { soft } from "./soft.ts";
import { newKey, on, type Stage } from "./stage.ts";

/** How $disconnect is told that a connection ended so. */
async function told(stage: Stage, end: (client: Client, connectionId: string) => unknown): Promise<[unknown, unknown]> {
  const { client, connectionId } = await stage.join();
  await end(client, connectionId);
  const [{ event }] = await stage.recall(connectionId);
  return [event.requestContext.disconnectStatusCode, event.requestContext.disconnectReason];
}

describe("conformance: $disconnect", () => {
  on("main", (stage) => {
    it("§5 tells of a close without a code", async () => {
      const closing = await told(stage, ({ socket }) => socket.close());
      expect(closing).to.deep.equal([1005, "Client-side close frame status not set"]);
    });

    it("§5 tells of a browser that has gone elsewhere", async () => {
      expect(await told(stage, ({ socket }) => socket.close(1001))).to.deep.equal([1001, ""]);
    });

    for (const [code, reason] of [
      [1000, ""],
      [1000, "done"],
      [3000, "enough"],
      [4999, "gone"],
    ] as const) {
      soft(`§5 tells of the client's own code ${code} and reason "${reason}"`, async () => {
        expect(await told(stage, ({ socket }) => socket.close(code, reason))).to.deep.equal([code, reason]);
      });
    }

    soft("§5 tells of a binary frame", async () => {
      expect((await told(stage, ({ socket }) => socket.send(Buffer.from([1]))))[0]).to.equal(1003);
    });

    soft("§5 tells of a frame that was too long", async () => {
      const reason = "Max frame length of 32768 has been exceeded.";
      expect(await told(stage, ({ send }) => send("x".repeat(40_000)))).to.deep.equal([1009, reason]);
    });

    it("DC-01 runs after a close of the client's", async () => {
      const { client, connectionId } = await stage.join();
      await client.close();
      expect((await stage.recall(connectionId))[0].event.requestContext.routeKey).to.equal("$disconnect");
    });

    soft("DC-03 runs for a client that vanishes without a close frame", async () => {
      const key = newKey();
      const { socket } = await stage.shake({ order: { record: key } });
      const [{ event }] = await stage.recall(key);
      socket?.destroy();
      expect(await stage.recall(event.requestContext.connectionId)).to.have.length(1);
    });

    it("DC-04 runs after a DELETE, with its code and reason", async () => {
      const closing = await told(stage, (_, id) => stage.call("DELETE", id));
      expect(closing).to.deep.equal([1000, "Connection Closed Normally"]);
    });

    it("DC-05 finds the connection gone", async () => {
      const { client, connectionId } = await stage.join();
      await client.close();
      await stage.recall(connectionId);
      expect((await stage.call("POST", connectionId, "still there?")).status).to.equal(410);
    });

    soft("DC-06 runs once, though it fails", async () => {
      const [one, other] = [await stage.join(), await stage.join()];
      await one.client.close();
      await stage.recall(one.connectionId);
      await other.client.close();
      await stage.recall(other.connectionId);
      expect(await stage.recallNow(one.connectionId)).to.have.length(1);
    });

    soft("DC-07 runs never before $connect has ended", async () => {
      const key = newKey();
      const { socket } = await stage.shake({ order: { sleepMilliseconds: 500, record: key } });
      socket?.end(frame({ opcode: OPCODE.close }));
      const [connected] = await stage.recall(key);
      const [left] = await stage.recall(connected.event.requestContext.connectionId);
      expect(left.event.requestContext.requestTimeEpoch).to.be.at.least(connected.keptAt);
    });

    soft("DC-08 runs for no refused handshake", async () => {
      const key = newKey();
      await stage.status({ order: { record: key, throws: "as you wish" } });
      const [{ event }] = await stage.recall(key);
      const { client, connectionId } = await stage.join();
      const { requestContext } = await stage.ask<ProbeEvent>(client, {});
      await client.close();
      await stage.recall(requestContext.connectionId);
      expect(connectionId).to.not.equal(event.requestContext.connectionId);
      expect(await stage.recallNow(event.requestContext.connectionId)).to.deep.equal([]);
    });
  });
});
