import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { newKey, on, soft } from "./stage.ts";

const NOT_AUTHORIZED = "User is not authorized to access this resource";
const ALLOW_ALL = {
  Version: "2012-10-17",
  Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" }],
};

describe("conformance: authorizers", () => {
  on("authorizer", (stage) => {
    it("HS-13 has one connection id for the authorizer, $connect and the messages", async () => {
      const [asked, connected] = [newKey(), newKey()];
      const { connectionId } = await stage.join({ authorize: { record: asked }, order: { record: connected } });
      for (const key of [asked, connected]) {
        expect((await stage.records(key))[0].event.requestContext.connectionId).to.equal(connectionId);
      }
    });

    it("AU-01 invokes the authorizer only for the handshake", async () => {
      const key = newKey();
      const { client } = await stage.join({ authorize: { record: key } });
      await stage.request(client, {});
      expect(await stage.recordsSoFar(key)).to.have.length(1);
    });

    it("AU-02 does not invoke the authorizer of a message's route", async () => {
      const { client } = await stage.join();
      client.send({ action: "guarded", authorize: { effect: "Deny" } });
      const { requestContext } = JSON.parse(await client.next());
      expect(requestContext.routeKey).to.equal("guarded");
    });

    for (const [what, options] of Object.entries({
      "a missing query string parameter": { query: { token: undefined } },
      "an empty query string parameter": { query: { token: "" } },
      "a missing header": { headers: { Auth: undefined } },
    })) {
      it(`AU-04 returns 401 if ${what} is an identity source, and does not invoke the authorizer`, async () => {
        const key = newKey();
        expect(await stage.status({ ...options, authorize: { record: key } })).to.equal(401);
        expect(await stage.recordsSoFar(key)).to.deep.equal([]);
      });
    }

    soft("AU-04 returns the message Unauthorized if an identity source is missing", async () => {
      expect((await stage.handshake({ query: { token: undefined } })).body).to.equal('{"message":"Unauthorized"}');
    });

    it("AU-06 returns 401 if the authorizer fails with Unauthorized", async () => {
      expect(await stage.status({ authorize: { throws: "Unauthorized" } })).to.equal(401);
    });

    for (const authorize of [{ throws: "anything else" }, { result: { statusCode: 401 } }, { result: "Allow" }]) {
      it(`AU-07 returns 500 if the outcome of the authorizer is ${JSON.stringify(authorize)}`, async () => {
        expect(await stage.status({ authorize })).to.equal(500);
      });
    }

    for (const [policy, effect, reason] of [
      ["denies", "Deny", `${NOT_AUTHORIZED} with an explicit deny`],
      ["has no statement", null, NOT_AUTHORIZED],
    ] as const) {
      it(`AU-08 returns 403 if the policy ${policy}`, async () => {
        expect(await stage.status({ authorize: { effect } })).to.equal(403);
      });

      soft(`AU-08 returns the reason if the policy ${policy}`, async () => {
        expect((await stage.handshake({ authorize: { effect } })).body).to.equal(JSON.stringify({ Message: reason }));
      });
    }

    for (const [resourceEnd, status] of [
      ["$connect", 101],
      ["*", 101],
      ["$conn?ct", 101],
      ["*/*", 403],
      ["$disconnect", 403],
    ] as const) {
      it(`AU-09 returns ${status} if the policy allows …/test/${resourceEnd}`, async () => {
        expect(await stage.status({ authorize: { resourceEnd } })).to.equal(status);
      });
    }

    for (const [what, authorize] of Object.entries({
      "a context with an object in it": { context: { nested: { a: 1 } } },
      "a context with a list in it": { context: { list: [1] } },
      "no principal": { result: { policyDocument: ALLOW_ALL } },
    })) {
      it(`AU-10 rejects an authorizer's response with ${what}`, async () => {
        expect(await stage.status({ authorize })).to.not.equal(101);
      });

      soft(`AU-10 returns 500 to an authorizer's response with ${what}`, async () => {
        expect(await stage.status({ authorize })).to.equal(500);
      });
    }

    it("AU-11 invokes the authorizer for every handshake, without a cache", async () => {
      const key = newKey();
      for (const authorize of [{ record: key }, { record: key }]) await stage.join({ authorize });
      expect(await stage.recordsSoFar(key)).to.have.length(2);
    });

    it("AU-12 includes principal and context in every event of the connection", async () => {
      const key = newKey();
      const options = { authorize: { context: { userId: "u-1" } }, order: { record: key } };
      const { client, connectionId } = await stage.join(options);
      const message = await stage.request<ProbeEvent>(client, {});
      await client.close();
      const [{ event: connected }] = await stage.records(key);
      const [{ event: left }] = await stage.records(connectionId);
      const { integrationLatency, ...authorizer } = connected.requestContext.authorizer ?? {};
      expect(integrationLatency).to.be.a("number");
      for (const seen of [authorizer, message.requestContext.authorizer, left.requestContext.authorizer]) {
        expect(seen).to.deep.equal({ principalId: "me", userId: "u-1" });
      }
    });

    soft("AU-12 converts numbers and booleans of the context to text", async () => {
      const { client } = await stage.join({ authorize: { context: { count: 3, isAdmin: true } } });
      const { requestContext } = await stage.request<ProbeEvent>(client, {});
      expect(requestContext.authorizer).to.include({ count: "3", isAdmin: "true" });
    });
  });

  on("unguarded", (stage) => {
    soft("AU-05 invokes an authorizer without identity sources for every handshake", async () => {
      const key = newKey();
      await stage.join({ authorize: { record: key } });
      expect(await stage.recordsSoFar(key)).to.have.length(1);
      expect(await stage.status({ authorize: { effect: "Deny" } })).to.equal(403);
    });
  });
});
