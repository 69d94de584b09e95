import { expect } from "chai";
import type { CallOutcome } from "./probes/order.ts";
import { soft } from "./soft.ts";
import { asking, at, credentials, newKey, on, outcome } from "./stage.ts";

const FORBIDDEN = [403, "ForbiddenException", '{"message":"Forbidden"}'];

describe("conformance: refusals of @connections", () => {
  on("main", (stage) => {
    for (const malformed of [(id: string) => `${id}test`, () => "nobody"]) {
      it(`MG-20 answers 400 to ${malformed("an id and ")}, which is no id`, async () => {
        const id = malformed((await stage.join()).connectionId);
        const body = JSON.stringify({ message: `Invalid connectionId: ${id}` });
        expect(outcome(await stage.call("POST", id, "hi"))).to.deep.equal([400, "BadRequestException", body]);
      });
    }

    for (const method of ["POST", "GET", "DELETE"]) {
      it(`MG-21 answers 410 without a body to a ${method} to a closed connection`, async () => {
        const { client, connectionId } = await stage.join();
        await client.close();
        await stage.recall(connectionId);
        const response = await stage.call(method, connectionId);
        expect(outcome(response)).to.deep.equal([410, "GoneException", ""]);
        expect(response.headers).to.include({ "content-type": "application/json", "content-length": "0" });
      });
    }

    it("MG-21 answers 410 for a connection that never was", async () => {
      expect(outcome(await stage.call("POST", "L0SM9cOFvHcCIhw=", "hi"))).to.deep.equal([410, "GoneException", ""]);
    });

    it("MG-22 answers 403 at an unknown stage", async () => {
      const { connectionId } = await stage.join();
      const path = `-other${at(connectionId)}`;
      expect(outcome(await stage.send(path, { method: "POST", body: "hi" }))).to.deep.equal(FORBIDDEN);
    });

    it("MG-23 names what a role may not do", async () => {
      const { client } = await stage.join();
      const [made] = await stage.ask<CallOutcome[]>(client, { calls: [{ method: "POST", data: "hi" }] }, "powerless");
      expect([made?.status, made?.errorType]).to.deep.equal([403, "AccessDeniedException"]);
      const action = "is not authorized to perform: execute-api:ManageConnections on resource:";
      const resource = "arn:aws:execute-api:[a-z0-9-]+:\\*{8}\\d{4}:[a-z0-9]+/test/POST/@connections/{connectionId}";
      const user = "arn:aws:sts::\\d{12}:assumed-role/[\\w-]+/[\\w-]+";
      expect(made?.body).to.match(new RegExp(`^{"Message":"User: ${user} ${action} ${resource}"}$`));
    });

    it("MG-23 lets the same role do what it may", async () => {
      const { client } = await stage.join();
      const [made] = await stage.ask<CallOutcome[]>(client, { calls: [{ method: "GET" }] }, "powerless");
      expect(made?.status).to.equal(200);
    });

    soft("MG-24 answers 403 to an unsigned call", async () => {
      const { connectionId } = await stage.join();
      const response = await stage.send(at(connectionId), { method: "POST", body: "hi", credentials: null });
      const body = '{"message":"Missing Authentication Token"}';
      expect(outcome(response)).to.deep.equal([403, "MissingAuthenticationTokenException", body]);
    });

    const wrong = { ...credentials, secretAccessKey: "wrong" };

    it("MG-25 answers 403 to a wrong signature, and says what it had expected", async () => {
      const { connectionId } = await stage.join();
      const { status, body } = await stage.send(at(connectionId), { method: "POST", body: "hi", credentials: wrong });
      expect(status).to.equal(403);
      expect(body).to.match(/^{"message":"The request signature we calculated does not match the signature/);
    });

    soft("MG-25 calls a wrong signature an InvalidSignatureException", async () => {
      const { connectionId } = await stage.join();
      const { headers } = await stage.send(at(connectionId), { method: "POST", body: "hi", credentials: wrong });
      expect(headers["x-amzn-errortype"]).to.equal("InvalidSignatureException");
    });

    it("MG-27 answers 413 to a body above 128 KB", async () => {
      const { connectionId } = await stage.join();
      const response = await stage.call("POST", connectionId, "x".repeat(131_073));
      expect(outcome(response).slice(0, 2)).to.deep.equal([413, "PayloadTooLargeException"]);
      expect(JSON.parse(response.body)).to.have.property("message");
    });

    it("MG-30 answers 410 to a POST from inside $connect", async () => {
      const key = newKey();
      await stage.connect({ order: { calls: [{ method: "POST", data: "too early" }], record: key } });
      const [{ calls }] = await stage.recall(key);
      expect(calls).to.deep.equal([{ status: 410, errorType: "GoneException", body: "" }]);
    });

    it("MG-30 delivers a POST from inside a message's route", async () => {
      const client = await stage.connect();
      client.send(asking("silent", { calls: [{ method: "POST", data: "in time" }] }));
      expect(await client.next()).to.equal("in time");
    });
  });
});
