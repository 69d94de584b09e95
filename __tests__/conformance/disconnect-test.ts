import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { frame, OPCODE } from "../support/raw-websocket.ts";
import type { ProbeEvent } from "./probes/order.ts";
import { newKey, on, type Stage, soft } from "./stage.ts";

/** The status code and the reason that $disconnect receives. */
async function disconnectOf(
  stage: Stage,
  end: (client: Client, connectionId: string) => unknown,
): Promise<[unknown, unknown]> {
  const { client, connectionId } = await stage.join();
  await end(client, connectionId);
  const [{ event }] = await stage.records(connectionId);
  return [event.requestContext.disconnectStatusCode, event.requestContext.disconnectReason];
}

/* "disconnect codes" is the table "Observed disconnectStatusCode / disconnectReason" in docs/api-gateway-rules.md. It has no rule ids. */
describe("conformance: $disconnect", () => {
  on("main", (stage) => {
    it("disconnect codes: $disconnect reports a close frame without a code", async () => {
      const closing = await disconnectOf(stage, ({ socket }) => socket.close());
      expect(closing).to.deep.equal([1005, "Client-side close frame status not set"]);
    });

    it("disconnect codes: $disconnect reports the code of a browser that leaves the page", async () => {
      expect(await disconnectOf(stage, ({ socket }) => socket.close(1001))).to.deep.equal([1001, ""]);
    });

    for (const [code, reason] of [
      [1000, ""],
      [1000, "done"],
      [3000, "enough"],
      [4999, "gone"],
    ] as const) {
      soft(`disconnect codes: $disconnect reports the client's own code ${code} and reason "${reason}"`, async () => {
        expect(await disconnectOf(stage, ({ socket }) => socket.close(code, reason))).to.deep.equal([code, reason]);
      });
    }

    soft("disconnect codes: $disconnect reports a binary frame", async () => {
      expect((await disconnectOf(stage, ({ socket }) => socket.send(Buffer.from([1]))))[0]).to.equal(1003);
    });

    soft("disconnect codes: $disconnect reports a frame that is too long", async () => {
      const reason = "Max frame length of 32768 has been exceeded.";
      expect(await disconnectOf(stage, ({ send }) => send("x".repeat(40_000)))).to.deep.equal([1009, reason]);
    });

    it("DC-01 runs after the client closes the connection", async () => {
      const { client, connectionId } = await stage.join();
      await client.close();
      expect((await stage.records(connectionId))[0].event.requestContext.routeKey).to.equal("$disconnect");
    });

    soft("DC-03 runs for a client that vanishes without a close frame", async () => {
      const key = newKey();
      const { socket } = await stage.handshake({ order: { record: key } });
      const [{ event }] = await stage.records(key);
      socket?.destroy();
      expect(await stage.records(event.requestContext.connectionId)).to.have.length(1);
    });

    it("DC-04 runs after a DELETE, with its code and reason", async () => {
      const closing = await disconnectOf(stage, (_, id) => stage.call("DELETE", id));
      expect(closing).to.deep.equal([1000, "Connection Closed Normally"]);
    });

    it("DC-05 runs after the connection is gone", async () => {
      const { client, connectionId } = await stage.join();
      await client.close();
      await stage.records(connectionId);
      expect((await stage.call("POST", connectionId, "hello")).status).to.equal(410);
    });

    soft("DC-06 runs once, even if it fails", async () => {
      const [one, other] = [await stage.join(), await stage.join()];
      await one.client.close();
      await stage.records(one.connectionId);
      await other.client.close();
      await stage.records(other.connectionId);
      expect(await stage.recordsSoFar(one.connectionId)).to.have.length(1);
    });

    soft("DC-07 does not run before $connect has ended", async () => {
      const key = newKey();
      const { socket } = await stage.handshake({ order: { sleepMilliseconds: 500, record: key } });
      socket?.end(frame({ opcode: OPCODE.close }));
      const [connected] = await stage.records(key);
      const [left] = await stage.records(connected.event.requestContext.connectionId);
      expect(left.event.requestContext.requestTimeEpoch).to.be.at.least(connected.recordedAt);
    });

    soft("DC-08 does not run for a rejected handshake", async () => {
      const key = newKey();
      await stage.status({ order: { record: key, throws: "on request" } });
      const [{ event }] = await stage.records(key);
      const { client, connectionId } = await stage.join();
      const { requestContext } = await stage.request<ProbeEvent>(client, {});
      await client.close();
      await stage.records(requestContext.connectionId);
      expect(connectionId).to.not.equal(event.requestContext.connectionId);
      expect(await stage.recordsSoFar(event.requestContext.connectionId)).to.deep.equal([]);
    });
  });
});
