import { connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import type { Handshake } from "../support/raw-websocket.ts";
import { soft } from "./soft.ts";
import { newKey, on } from "./stage.ts";

const answering = (result: object) => ({ order: { result: { statusCode: 200, ...result } } });

/** The values of a header that is there any number of times. */
function valuesOf({ headers, socket }: Handshake, name: string): string[] {
  socket?.destroy();
  return headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

describe("conformance: subprotocols and extensions", () => {
  on("main", (stage) => {
    it("HS-40 answers the subprotocol that $connect returns", async () => {
      const { socket } = await stage.connect({
        subprotocols: ["other", "chat.v1"],
        ...answering({ headers: { "Sec-WebSocket-Protocol": "chat.v1" } }),
      });
      expect(socket.protocol).to.equal("chat.v1");
    });

    it("HS-41 answers 101 without a subprotocol when $connect returns none, which clients refuse", async () => {
      const headers = { "Sec-WebSocket-Protocol": "chat.v1" };
      const handshake = await stage.shake({ headers });
      expect(handshake.status).to.equal(101);
      expect(valuesOf(handshake, "sec-websocket-protocol")).to.deep.equal([]);
      const refused = connect(await stage.url(), { subprotocols: ["chat.v1"] });
      expect(await rejection(refused)).to.equal("Server sent no subprotocol");
    });

    it("HS-42 answers the header once for each subprotocol that $connect returns", async () => {
      const headers = { "Sec-WebSocket-Protocol": "one, two" };
      const result = { multiValueHeaders: { "Sec-WebSocket-Protocol": ["one", "two"] } };
      const handshake = await stage.shake({ headers, ...answering(result) });
      expect(valuesOf(handshake, "sec-websocket-protocol")).to.deep.equal(["one", "two"]);
    });

    it("HS-43 shows $connect the offered subprotocols, separated by commas", async () => {
      const key = newKey();
      const headers = { "Sec-WebSocket-Protocol": "other, chat.v1" };
      const { socket } = await stage.shake({ headers, order: { record: key } });
      socket?.destroy();
      const [{ event }] = await stage.recall(key);
      expect(event.headers).to.include(headers);
    });

    soft("HS-44 passes an offer of compression to $connect, and never takes it", async () => {
      const key = newKey();
      const headers = { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" };
      const handshake = await stage.shake({ headers, order: { record: key } });
      expect(valuesOf(handshake, "sec-websocket-extensions")).to.deep.equal([]);
      expect((await stage.recall(key))[0].event.headers).to.include(headers);
    });
  });
});
