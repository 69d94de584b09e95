import { expect } from "chai";
import type { CallOutcome } from "./probes/order.ts";
import { at, credentials, messageFor, newKey, on, outcome, soft } from "./stage.ts";

const FORBIDDEN = [403, "ForbiddenException", '{"message":"Forbidden"}'];

describe("conformance: errors of @connections", () => {
  on("main", (stage) => {
    for (const malformed of [(id: string) => `${id}test`, () => "invalid"]) {
      it(`MG-20 returns 400 to ${malformed("an id followed by ")}, which is not an id`, async () => {
        const id = malformed((await stage.join()).connectionId);
        const body = JSON.stringify({ message: `Invalid connectionId: ${id}` });
        expect(outcome(await stage.call("POST", id, "hi"))).to.deep.equal([400, "BadRequestException", body]);
      });
    }

    for (const method of ["POST", "GET", "DELETE"]) {
      it(`MG-21 returns 410 without a body to a ${method} to a closed connection`, async () => {
        const { client, connectionId } = await stage.join();
        await client.close();
        await stage.records(connectionId);
        const response = await stage.call(method, connectionId);
        expect(outcome(response)).to.deep.equal([410, "GoneException", ""]);
        expect(response.headers).to.include({ "content-type": "application/json", "content-length": "0" });
      });
    }

    it("MG-21 returns 410 for a connection that never existed", async () => {
      expect(outcome(await stage.call("POST", "L0SM9cOFvHcCIhw=", "hi"))).to.deep.equal([410, "GoneException", ""]);
    });

    it("MG-22 returns 403 at an unknown stage", async () => {
      const { connectionId } = await stage.join();
      const path = `-other${at(connectionId)}`;
      expect(outcome(await stage.send(path, { method: "POST", body: "hi" }))).to.deep.equal(FORBIDDEN);
    });

    it("MG-23 names the action that a role does not allow", async () => {
      const { client } = await stage.join();
      const [made] = await stage.request<CallOutcome[]>(
        client,
        { calls: [{ method: "POST", data: "hi" }] },
        "powerless",
      );
      expect([made?.status, made?.errorType]).to.deep.equal([403, "AccessDeniedException"]);
      const action = "is not authorized to perform: execute-api:ManageConnections on resource:";
      const resource = "arn:aws:execute-api:[a-z0-9-]+:\\*{8}\\d{4}:[a-z0-9]+/test/POST/@connections/{connectionId}";
      const user = "arn:aws:sts::\\d{12}:assumed-role/[\\w-]+/[\\w-]+";
      expect(made?.body).to.match(new RegExp(`^{"Message":"User: ${user} ${action} ${resource}"}$`));
    });

    it("MG-23 allows the actions of the same role", async () => {
      const { client } = await stage.join();
      const [made] = await stage.request<CallOutcome[]>(client, { calls: [{ method: "GET" }] }, "powerless");
      expect(made?.status).to.equal(200);
    });

    soft("MG-24 returns 403 to an unsigned call", async () => {
      const { connectionId } = await stage.join();
      const response = await stage.send(at(connectionId), { method: "POST", body: "hi", credentials: null });
      const body = '{"message":"Missing Authentication Token"}';
      expect(outcome(response)).to.deep.equal([403, "MissingAuthenticationTokenException", body]);
    });

    const wrong = { ...credentials, secretAccessKey: "wrong" };

    it("MG-25 returns 403 to a wrong signature, with the expected string to sign", async () => {
      const { connectionId } = await stage.join();
      const { status, body } = await stage.send(at(connectionId), { method: "POST", body: "hi", credentials: wrong });
      expect(status).to.equal(403);
      expect(body).to.match(/^{"message":"The request signature we calculated does not match the signature/);
    });

    soft("MG-25 returns InvalidSignatureException for a wrong signature", async () => {
      const { connectionId } = await stage.join();
      const { headers } = await stage.send(at(connectionId), { method: "POST", body: "hi", credentials: wrong });
      expect(headers["x-amzn-errortype"]).to.equal("InvalidSignatureException");
    });

    it("MG-27 returns 413 to a body above 128 KB", async () => {
      const { connectionId } = await stage.join();
      const response = await stage.call("POST", connectionId, "x".repeat(131_073));
      expect(outcome(response).slice(0, 2)).to.deep.equal([413, "PayloadTooLargeException"]);
      expect(JSON.parse(response.body)).to.have.property("message");
    });

    it("MG-30 returns 410 to a POST during $connect", async () => {
      const key = newKey();
      await stage.connect({ order: { calls: [{ method: "POST", data: "too early" }], record: key } });
      const [{ calls }] = await stage.records(key);
      expect(calls).to.deep.equal([{ status: 410, errorType: "GoneException", body: "" }]);
    });

    it("MG-30 delivers a POST during a message's route", async () => {
      const client = await stage.connect();
      client.send(messageFor("silent", { calls: [{ method: "POST", data: "in time" }] }));
      expect(await client.next()).to.equal("in time");
    });
  });
});
