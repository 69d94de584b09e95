import { connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import type { Handshake } from "../support/raw-websocket.ts";
import { newKey, on, soft } from "./stage.ts";

const returning = (result: object) => ({ order: { result: { statusCode: 200, ...result } } });

/** The values of a header that may occur several times. */
function valuesOf({ headers, socket }: Handshake, name: string): string[] {
  socket?.destroy();
  return headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

describe("conformance: subprotocols and extensions", () => {
  on("main", (stage) => {
    it("HS-40 returns the subprotocol that $connect returns", async () => {
      const { socket } = await stage.connect({
        subprotocols: ["other", "chat.v1"],
        ...returning({ headers: { "Sec-WebSocket-Protocol": "chat.v1" } }),
      });
      expect(socket.protocol).to.equal("chat.v1");
    });

    it("HS-41 returns 101 without a subprotocol if $connect returns none, and clients reject that", async () => {
      const headers = { "Sec-WebSocket-Protocol": "chat.v1" };
      const handshake = await stage.handshake({ headers });
      expect(handshake.status).to.equal(101);
      expect(valuesOf(handshake, "sec-websocket-protocol")).to.deep.equal([]);
      const refused = connect(await stage.url(), { subprotocols: ["chat.v1"] });
      expect(await rejection(refused)).to.equal("Server sent no subprotocol");
    });

    it("HS-42 returns one header for each subprotocol that $connect returns", async () => {
      const headers = { "Sec-WebSocket-Protocol": "one, two" };
      const result = { multiValueHeaders: { "Sec-WebSocket-Protocol": ["one", "two"] } };
      const handshake = await stage.handshake({ headers, ...returning(result) });
      expect(valuesOf(handshake, "sec-websocket-protocol")).to.deep.equal(["one", "two"]);
    });

    it("HS-43 passes the offered subprotocols to $connect, separated by commas", async () => {
      const key = newKey();
      const headers = { "Sec-WebSocket-Protocol": "other, chat.v1" };
      const { socket } = await stage.handshake({ headers, order: { record: key } });
      socket?.destroy();
      const [{ event }] = await stage.records(key);
      expect(event.headers).to.include(headers);
    });

    soft("HS-44 passes an offer of compression to $connect, and does not accept it", async () => {
      const key = newKey();
      const headers = { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" };
      const handshake = await stage.handshake({ headers, order: { record: key } });
      expect(valuesOf(handshake, "sec-websocket-extensions")).to.deep.equal([]);
      expect((await stage.records(key))[0].event.headers).to.include(headers);
    });
  });
});
