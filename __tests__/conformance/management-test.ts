import { ApiGatewayManagementApi, GoneException } from "@aws-sdk/client-apigatewaymanagementapi";
import { expect } from "chai";
import type { CallOutcome } from "./probes/order.ts";
import { at, closing, credentials, on, outcome, regionOf, soft } from "./stage.ts";

const TIME = '"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"';

describe("conformance: @connections", () => {
  on("main", (stage) => {
    it("MG-01 returns 200 without a body to a POST, and delivers it", async () => {
      const { client, connectionId } = await stage.join();
      expect(outcome(await stage.call("POST", connectionId, "hello"))).to.deep.equal([200, undefined, ""]);
      expect(await client.next()).to.equal("hello");
    });

    it("MG-01 returns 204 to a DELETE", async () => {
      const { connectionId } = await stage.join();
      expect(outcome(await stage.call("DELETE", connectionId))).to.deep.equal([204, undefined, ""]);
    });

    for (const [userAgent, shown] of [
      [undefined, "null"],
      ["test/1", '"test/1"'],
    ] as const) {
      it(`MG-01 describes a connection in AWS's format in response to a GET, with the user agent ${shown}`, async () => {
        const { connectionId } = await stage.join({ headers: { "User-Agent": userAgent } });
        const { status, body } = await stage.call("GET", connectionId);
        expect(status).to.equal(200);
        const identity = `  "identity" : {\n    "sourceIp" : "[0-9a-f.:]+",\n    "userAgent" : ${shown}\n  }`;
        const pattern = `^{\n${identity},\n  "connectedAt" : ${TIME},\n  "lastActiveAt" : ${TIME}\n}\\n?$`;
        expect(body).to.match(new RegExp(pattern));
      });
    }

    it("MG-01 returns AWS's headers", async () => {
      const { connectionId } = await stage.join();
      const posted = (await stage.call("POST", connectionId, "hello")).headers;
      expect(posted).to.include({ "content-type": "application/json", "content-length": "0" });
      expect(posted["x-amzn-requestid"]).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(posted["x-amz-apigw-id"]).to.match(/^[\w-]{15}=$/);
      expect(posted["x-amzn-trace-id"]).to.match(/^Root=1-/);
      expect(posted).to.have.property("date");
      const deleted = (await stage.call("DELETE", connectionId)).headers;
      expect(deleted).to.not.have.any.keys("content-type", "content-length");
    });

    it("MG-02 rejects a signature for another service", async () => {
      const { connectionId } = await stage.join();
      const { status } = await stage.send(at(connectionId), { method: "POST", body: "hi", service: "lambda" });
      expect(status).to.equal(403);
    });

    for (const prefix of ["/@connections/", "/%40connections/"]) {
      it(`MG-03 accepts a path with ${prefix} and %3D`, async () => {
        const { connectionId } = await stage.join();
        const path = prefix + encodeURIComponent(connectionId);
        expect((await stage.send(path, { method: "POST", body: "hi" })).status).to.equal(200);
      });
    }

    it("MG-03 accepts calls of AWS's SDK, which understands the responses", async () => {
      const { client, connectionId: ConnectionId } = await stage.join();
      const endpoint = await stage.managementUrl();
      const sdk = new ApiGatewayManagementApi({ endpoint, region: regionOf(endpoint), credentials });
      await sdk.postToConnection({ ConnectionId, Data: "hello" });
      expect(await client.next()).to.equal("hello");
      expect(await sdk.getConnection({ ConnectionId }))
        .to.have.property("ConnectedAt")
        .that.is.a("Date");
      await sdk.deleteConnection({ ConnectionId });
      await closing(client);
      await stage.records(ConnectionId);
      const fault = await sdk.getConnection({ ConnectionId }).catch((fault: unknown) => fault);
      expect(fault).to.be.an.instanceOf(GoneException);
    });

    it("MG-04 computes the signature from the received path, encoded again", async () => {
      const { connectionId } = await stage.join();
      for (const path of [`/@connections/${connectionId}`, at(connectionId)]) {
        expect((await stage.send(path, { method: "POST", body: "hi" })).status, path).to.equal(200);
      }
    });

    it("MG-05 delivers the bytes of the body unchanged, without a content type", async () => {
      const { client, connectionId } = await stage.join();
      for (const body of ['{ "spaced" : 1 }', "ünïcödé 🙂", "a\nb\u0000c"]) {
        await stage.call("POST", connectionId, body);
        expect(await client.next()).to.equal(body);
      }
    });

    soft("MG-06 delivers a text frame", async () => {
      const { client, connectionId } = await stage.join();
      const isText = new Promise((resolve) => client.socket.once("message", (_, isBinary) => resolve(!isBinary)));
      await stage.call("POST", connectionId, Buffer.from([1, 2, 3]));
      expect(await isText).to.equal(true);
    });

    soft("MG-07 accepts a body of 131,072 bytes", async () => {
      const { client, connectionId } = await stage.join();
      expect((await stage.call("POST", connectionId, "x".repeat(131_072))).status).to.equal(200);
      expect(await client.next()).to.have.length(131_072);
    });

    it("MG-08 closes with 1000 after a DELETE", async () => {
      const { client, connectionId } = await stage.join();
      await stage.call("DELETE", connectionId);
      expect((await closing(client)).code).to.equal(1000);
    });

    soft("MG-08 closes with the reason Connection Closed Normally after a DELETE", async () => {
      const { client, connectionId } = await stage.join();
      await stage.call("DELETE", connectionId);
      expect((await closing(client)).reason).to.equal("Connection Closed Normally");
    });

    it("MG-09 lets a function post to any connection of the stage", async () => {
      const [one, other] = [await stage.join(), await stage.join()];
      const calls = [{ method: "POST", to: other.connectionId, data: "from elsewhere" }];
      const [made] = await stage.request<CallOutcome[]>(one.client, { calls });
      expect([made?.status, await other.client.next()]).to.deep.equal([200, "from elsewhere"]);
    });
  });
});
