import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { soft } from "./soft.ts";
import { newKey, on } from "./stage.ts";

const result = (statusCode: number, more: object = {}) => ({ order: { result: { statusCode, ...more } } });

describe("conformance: handshake", () => {
  on("main", (stage) => {
    it("HS-01 takes the stage's path with and without a slash at its end", async () => {
      expect([await stage.status(), await stage.status({ path: "/" })]).to.deep.equal([101, 101]);
    });

    it("HS-03 takes a URL of 4096 characters, and none longer", async () => {
      const { length } = await stage.url({ query: { pad: "" } });
      expect(await stage.status({ query: { pad: "x".repeat(4096 - length) } })).to.equal(101);
      expect(await stage.status({ query: { pad: "x".repeat(4097 - length) } })).to.be.within(400, 499);
    });

    it("HS-05 shows the handshake's headers and query string to $connect alone", async () => {
      const key = newKey();
      const { client, connectionId } = await stage.join({ order: { record: key }, headers: { "X-Own": "yes" } });
      const message = await stage.ask<ProbeEvent>(client, {});
      await client.close();
      const [{ event: connected }] = await stage.recall(key);
      const [{ event: left }] = await stage.recall(connectionId);
      expect(connected.headers).to.include({ "X-Own": "yes" });
      for (const event of [message, left]) {
        expect(event).not.to.have.any.keys("queryStringParameters", "multiValueQueryStringParameters");
        expect(event.headers ?? {}).not.to.have.property("X-Own");
      }
    });

    it("HS-10 keeps the upgrade pending until $connect has ended", async () => {
      const key = newKey();
      await stage.connect({ order: { sleepMilliseconds: 700, record: key } });
      expect(await stage.recallNow(key)).to.have.length(1);
    });

    for (const status of [200, 201]) {
      it(`HS-20 connects when $connect answers ${status}`, async () => {
        expect(await stage.status(result(status))).to.equal(101);
      });
    }

    for (const status of [301, 400, 401, 501]) {
      it(`HS-21 passes the status ${status} of $connect through`, async () => {
        expect(await stage.status(result(status))).to.equal(status);
      });
    }

    it("HS-22 answers 502 when $connect throws", async () => {
      expect(await stage.status({ order: { throws: "as you wish" } })).to.equal(502);
    });

    soft("HS-23 answers 502 when the function of $connect hits its own timeout", async () => {
      expect(await stage.status({ order: { sleepMilliseconds: 6000 } })).to.equal(502);
    });

    for (const malformed of [7, "text", {}, { body: "no status" }, { statusCode: 200, more: 1 }]) {
      soft(`HS-26 answers 502 when $connect answers ${JSON.stringify(malformed)}`, async () => {
        expect(await stage.status({ order: { result: malformed } })).to.equal(502);
      });
    }

    it("HS-27 forwards neither the body nor the headers of an accepting $connect", async () => {
      const { headers, socket } = await stage.shake(result(200, { headers: { "X-Own": "yes" }, body: "hello" }));
      socket?.destroy();
      expect(headers.map(([name]) => name.toLowerCase())).to.not.include("x-own");
    });

    soft("HS-27 answers a refusal in JSON with ids of AWS's own, without the body of $connect", async () => {
      const { headers, body } = await stage.shake(result(401, { headers: { "X-Own": "yes" }, body: "secret" }));
      expect(body).to.not.include("secret");
      const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
      expect(named).to.include({ "content-type": "application/json" }).and.not.have.property("x-own");
      expect(named["x-amzn-requestid"]).to.match(/^[0-9a-f-]{36}$/);
      expect(named["x-amz-apigw-id"]).to.match(/^[\w-]{15}=$/);
    });

    soft("HS-29 runs no $disconnect for a refused handshake", async () => {
      const key = newKey();
      await stage.status({ order: { record: key, result: { statusCode: 403 } } });
      const [{ event }] = await stage.recall(key);
      const other = await stage.join();
      await other.client.close();
      await stage.recall(other.connectionId);
      expect(await stage.recallNow(event.requestContext.connectionId)).to.deep.equal([]);
    });
  });
});
