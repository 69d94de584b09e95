import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { messageFor, newKey, on, type Stage, soft } from "./stage.ts";

const ERROR = "Internal server error";

/** The next frame, or the message of an error frame. */
async function responseTo(stage: Stage, message: object): Promise<string> {
  const client = await stage.connect();
  client.send(message);
  const frame = await client.next();
  return frame.startsWith('{"message"') ? JSON.parse(frame).message : frame;
}

describe("conformance: integrations", () => {
  on("integrations", (stage) => {
    it("IN-01 supports integrations of the type MOCK, which have no backend", async () => {
      expect(await responseTo(stage, { action: "pong" })).to.match(/^pong to \S+= by pong$/);
    });

    it("IN-01 supports integrations of the type AWS, which pass the result of the template to the function", async () => {
      expect(await responseTo(stage, messageFor("mapped", { result: "as it is" }))).to.equal("got: ");
      expect(await responseTo(stage, messageFor("mapped", { result: { body: "hello" } }))).to.equal("got: hello");
    });

    it("IN-05 fails without an integration response", async () => {
      expect(await responseTo(stage, { action: "unanswered" })).to.equal(ERROR);
    });

    for (const [status, response] of [
      [404, "a client's fault"],
      [503, "a backend's fault"],
      [200, "fine"],
    ] as const) {
      it(`IN-05 selects the integration response by the status ${status}`, async () => {
        expect(await responseTo(stage, { action: "status", status })).to.equal(response);
      });
    }

    it("IN-05 selects the integration response by the error message of a function", async () => {
      const refused = await responseTo(stage, messageFor("mapped", { throws: "forbidden: too late" }));
      expect(refused).to.equal('{"refused": "forbidden: too late"}');
      expect(await responseTo(stage, messageFor("mapped", { throws: "another" }))).to.equal("got: ");
    });

    it("IN-06 selects the request template by a value of the message, or $default without a match", async () => {
      expect(await responseTo(stage, { action: "chosen", kind: "odd" })).to.equal("a client's fault");
      expect(await responseTo(stage, { action: "chosen", kind: "even" })).to.equal("fine");
    });

    it("IN-06 rejects a message without a template if passthrough is NEVER", async () => {
      expect(await responseTo(stage, { action: "strict" })).to.equal(ERROR);
    });

    it("IN-07 fails if the template of a mock returns no status", async () => {
      expect(await responseTo(stage, { action: "statusless" })).to.equal(ERROR);
    });

    it("IN-09 replaces $context, $input and $util", async () => {
      const key = newKey();
      const { client, connectionId } = await stage.join();
      client.send(messageFor("mapped", { record: key, result: { body: "kept" } }));
      expect(await client.next()).to.equal("got: kept");
      const [{ event }] = await stage.records<ProbeEvent>(key);
      expect(JSON.parse(event.body ?? "")).to.deep.include({ action: "mapped" });
      expect(event.requestContext).to.deep.equal({ eventType: "MESSAGE", connectionId });
    });

    it("IN-10 accepts a client if the integration response of $connect has the status 200", async () => {
      expect(await stage.status()).to.equal(101);
    });

    soft("IN-11 invokes a function asynchronously", async () => {
      expect(await responseTo(stage, messageFor("async", { throws: "ignored" }))).to.equal("taken");
    });

    it("RR-09 sends the result of the integration response, and nothing without a route response", async () => {
      const client = await stage.connect();
      client.send({ action: "mute" });
      client.send({ action: "pong" });
      expect(await client.next()).to.match(/by pong$/);
    });
  });
});
