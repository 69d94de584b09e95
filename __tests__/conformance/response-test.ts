import { expect } from "chai";
import { messageFor, newKey, on, type Stage, soft } from "./stage.ts";

/** The frames that a client receives for these results of one route. */
async function framesFor(stage: Stage, action: string, results: readonly unknown[]): Promise<string[]> {
  const key = newKey();
  const { client } = await stage.join();
  for (const result of results) client.send(messageFor(action, { record: key, result }));
  await stage.records(key, results.length);
  client.send(messageFor("answer", { result: { statusCode: 200, body: "end" } }));
  const frames: string[] = [];
  for (let frame = await client.next(); frame !== "end"; frame = await client.next()) frames.push(frame);
  return frames;
}

describe("conformance: responses", () => {
  on("main", (stage) => {
    it("RR-01 sends nothing without a route response, regardless of the status", async () => {
      const results = [200, 201, 301, 401, 501].map((statusCode) => ({ statusCode, body: "unheard" }));
      expect(await framesFor(stage, "silent", results)).to.deep.equal([]);
    });

    for (const action of ["half", "other-half"]) {
      it(`RR-02 sends nothing if the route has only one half of a route response (${action})`, async () => {
        expect(await framesFor(stage, action, [{ statusCode: 200, body: "unheard" }])).to.deep.equal([]);
      });
    }

    for (const statusCode of [200, 500]) {
      it(`RR-03 sends the body of a response with the status ${statusCode} as one text frame`, async () => {
        const client = await stage.connect();
        let isText = false;
        client.socket.once("message", (_, isBinary) => {
          isText = !isBinary;
        });
        client.send(messageFor("answer", { result: { statusCode, body: "hëard" } }));
        expect([await client.next(), isText]).to.deep.equal(["hëard", true]);
      });
    }

    for (const result of [{ statusCode: 200 }, { statusCode: 200, body: "" }]) {
      it(`RR-04 sends an empty frame for ${JSON.stringify(result)}`, async () => {
        const client = await stage.connect();
        client.send(messageFor("answer", { result }));
        expect(await client.next()).to.equal("");
      });
    }

    it("RR-05 accepts every key of a proxy result", async () => {
      const client = await stage.connect();
      const known = { headers: { a: "b" }, multiValueHeaders: { c: ["d"] }, isBase64Encoded: false };
      client.send(messageFor("answer", { result: { statusCode: 200, body: "fine", ...known } }));
      expect(await client.next()).to.equal("fine");
    });

    it("RR-05 rejects other keys in a proxy result", async () => {
      const client = await stage.connect();
      client.send(messageFor("answer", { result: { statusCode: 200, body: "unheard", more: 1 } }));
      expect(await client.next()).to.match(/^{"message": "Internal server error"/);
    });

    it("RR-06 sends nothing for a result of null without a route response", async () => {
      expect(await framesFor(stage, "silent", [null])).to.deep.equal([]);
    });

    soft("RR-07 decodes a body in Base64", async () => {
      const client = await stage.connect();
      const body = Buffer.from("hëard").toString("base64");
      client.send(messageFor("answer", { result: { statusCode: 200, body, isBase64Encoded: true } }));
      expect(await client.next()).to.equal("hëard");
    });

    it("RR-08 sends responses in the order in which functions end, not in the order of messages", async () => {
      const key = newKey();
      const client = await stage.connect();
      const slow = { awaits: key, sleepMilliseconds: 500 };
      client.send(messageFor("answer", { ...slow, result: { statusCode: 200, body: "first" } }));
      client.send(messageFor("answer", { record: key, result: { statusCode: 200, body: "second" } }));
      expect([await client.next(), await client.next()]).to.deep.equal(["second", "first"]);
    });
  });
});
