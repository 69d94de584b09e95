import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { soft } from "./soft.ts";
import { asking, newKey, on, type Stage } from "./stage.ts";

const ERROR = "Internal server error";

/** The frame that comes back, or the text of the gateway's own error. */
async function heard(stage: Stage, message: object): Promise<string> {
  const client = await stage.connect();
  client.send(message);
  const frame = await client.next();
  return frame.startsWith('{"message"') ? JSON.parse(frame).message : frame;
}

describe("conformance: integrations", () => {
  on("integrations", (stage) => {
    it("IN-01 plays integrations of the type MOCK, with nothing behind them", async () => {
      expect(await heard(stage, { action: "pong" })).to.match(/^pong to \S+= by pong$/);
    });

    it("IN-01 plays integrations of the type AWS: the function gets what the template makes, and no event", async () => {
      expect(await heard(stage, asking("mapped", { result: "as it is" }))).to.equal("got: ");
      expect(await heard(stage, asking("mapped", { result: { body: "hello" } }))).to.equal("got: hello");
    });

    it("IN-05 fails without an integration response", async () => {
      expect(await heard(stage, { action: "unanswered" })).to.equal(ERROR);
    });

    for (const [status, response] of [
      [404, "a client's fault"],
      [503, "a backend's fault"],
      [200, "fine"],
    ] as const) {
      it(`IN-05 chooses the integration response by the status ${status}`, async () => {
        expect(await heard(stage, { action: "status", status })).to.equal(response);
      });
    }

    it("IN-05 chooses the integration response by the message of a function's error", async () => {
      const refused = await heard(stage, asking("mapped", { throws: "forbidden: too late" }));
      expect(refused).to.equal('{"refused": "forbidden: too late"}');
      expect(await heard(stage, asking("mapped", { throws: "another" }))).to.equal("got: ");
    });

    it("IN-06 chooses the request template by a value of the message, and $default for what has none", async () => {
      expect(await heard(stage, { action: "chosen", kind: "odd" })).to.equal("a client's fault");
      expect(await heard(stage, { action: "chosen", kind: "even" })).to.equal("fine");
    });

    it("IN-06 lets nothing pass that fits no template, where passing is forbidden", async () => {
      expect(await heard(stage, { action: "strict" })).to.equal(ERROR);
    });

    it("IN-07 fails where a mock's template gives no status", async () => {
      expect(await heard(stage, { action: "statusless" })).to.equal(ERROR);
    });

    it("IN-09 fills in $context, $input and $util", async () => {
      const key = newKey();
      const { client, connectionId } = await stage.join();
      client.send(asking("mapped", { record: key, result: { body: "kept" } }));
      expect(await client.next()).to.equal("got: kept");
      const [{ event }] = await stage.recall<ProbeEvent>(key);
      expect(JSON.parse(event.body ?? "")).to.deep.include({ action: "mapped" });
      expect(event.requestContext).to.deep.equal({ eventType: "MESSAGE", connectionId });
    });

    it("IN-10 lets a client in whose $connect ends with 200", async () => {
      expect(await stage.status()).to.equal(101);
    });

    soft("IN-11 has a function called and not waited for", async () => {
      expect(await heard(stage, asking("async", { throws: "nobody hears of it" }))).to.equal("taken");
    });

    it("RR-09 sends what the integration response makes, and nothing without a route response", async () => {
      const client = await stage.connect();
      client.send({ action: "mute" });
      client.send({ action: "pong" });
      expect(await client.next()).to.match(/by pong$/);
    });
  });
});
