import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { newKey, on, soft } from "./stage.ts";

const result = (statusCode: number, more: object = {}) => ({ order: { result: { statusCode, ...more } } });

describe("conformance: handshake", () => {
  on("main", (stage) => {
    it("HS-01 accepts the path of the stage with and without a trailing slash", async () => {
      expect([await stage.status(), await stage.status({ path: "/" })]).to.deep.equal([101, 101]);
    });

    it("HS-03 accepts a URL of 4096 characters, and rejects longer ones", async () => {
      const { length } = await stage.url({ query: { pad: "" } });
      expect(await stage.status({ query: { pad: "x".repeat(4096 - length) } })).to.equal(101);
      expect(await stage.status({ query: { pad: "x".repeat(4097 - length) } })).to.be.within(400, 499);
    });

    it("HS-05 passes the headers and the query string of the handshake only to $connect", async () => {
      const key = newKey();
      const { client, connectionId } = await stage.join({ order: { record: key }, headers: { "X-Own": "yes" } });
      const message = await stage.request<ProbeEvent>(client, {});
      await client.close();
      const [{ event: connected }] = await stage.records(key);
      const [{ event: left }] = await stage.records(connectionId);
      expect(connected.headers).to.include({ "X-Own": "yes" });
      for (const event of [message, left]) {
        expect(event).not.to.have.any.keys("queryStringParameters", "multiValueQueryStringParameters");
        expect(event.headers ?? {}).not.to.have.property("X-Own");
      }
    });

    it("HS-10 keeps the upgrade pending until $connect has ended", async () => {
      const key = newKey();
      await stage.connect({ order: { sleepMilliseconds: 700, record: key } });
      expect(await stage.recordsSoFar(key)).to.have.length(1);
    });

    for (const status of [200, 201]) {
      it(`HS-20 connects if $connect returns ${status}`, async () => {
        expect(await stage.status(result(status))).to.equal(101);
      });
    }

    for (const status of [301, 400, 401, 501]) {
      it(`HS-21 returns the status ${status} of $connect`, async () => {
        expect(await stage.status(result(status))).to.equal(status);
      });
    }

    it("HS-22 returns 502 if $connect throws", async () => {
      expect(await stage.status({ order: { throws: "on request" } })).to.equal(502);
    });

    soft("HS-23 returns 502 if the function of $connect times out", async () => {
      expect(await stage.status({ order: { sleepMilliseconds: 6000 } })).to.equal(502);
    });

    for (const malformed of [7, "text", {}, { body: "no status" }, { statusCode: 200, more: 1 }]) {
      soft(`HS-26 returns 502 if $connect returns ${JSON.stringify(malformed)}`, async () => {
        expect(await stage.status({ order: { result: malformed } })).to.equal(502);
      });
    }

    it("HS-27 omits the body and the headers of a $connect that accepts", async () => {
      const { headers, socket } = await stage.handshake(result(200, { headers: { "X-Own": "yes" }, body: "hello" }));
      socket?.destroy();
      expect(headers.map(([name]) => name.toLowerCase())).to.not.include("x-own");
    });

    soft("HS-27 returns a rejection in JSON with AWS's ids, without the body of $connect", async () => {
      const { headers, body } = await stage.handshake(result(401, { headers: { "X-Own": "yes" }, body: "secret" }));
      expect(body).to.not.include("secret");
      const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
      expect(named).to.include({ "content-type": "application/json" }).and.not.have.property("x-own");
      expect(named["x-amzn-requestid"]).to.match(/^[0-9a-f-]{36}$/);
      expect(named["x-amz-apigw-id"]).to.match(/^[\w-]{15}=$/);
    });

    soft("HS-29 does not run $disconnect for a rejected handshake", async () => {
      const key = newKey();
      await stage.status({ order: { record: key, result: { statusCode: 403 } } });
      const [{ event }] = await stage.records(key);
      const other = await stage.join();
      await other.client.close();
      await stage.records(other.connectionId);
      expect(await stage.recordsSoFar(event.requestContext.connectionId)).to.deep.equal([]);
    });
  });
});
