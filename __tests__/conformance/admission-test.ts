import aws4 from "aws4";
import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { soft } from "./soft.ts";
import { credentials, newKey, on, regionOf, type Stage } from "./stage.ts";

/** The handshake's path and headers, signed in one or the other. */
async function signed(stage: Stage, signQuery: boolean) {
  const url = await stage.url();
  const { host, pathname, search } = new URL(url);
  const request = {
    service: "execute-api",
    region: regionOf(url),
    host,
    path: pathname + search,
    method: "GET",
    signQuery,
  };
  const { path = "", headers } = aws4.sign(request, credentials);
  return signQuery
    ? { query: Object.fromEntries(new URLSearchParams(path.split("?")[1])) }
    : { headers: headers as Record<string, string> };
}

describe("conformance: who is let in", () => {
  on("main", (stage) => {
    it("HS-31 answers 403 to a call at an unknown stage", async () => {
      const { status, body } = await stage.send("-other", { method: "POST", credentials: null });
      expect([status, body]).to.deep.equal([403, '{"message":"Forbidden"}']);
    });

    for (const path of ["-other", "/below"]) {
      soft(`HS-31 answers 403 to a handshake at the stage's ${path}`, async () => {
        const { status, body } = await stage.shake({ path });
        expect([status, body]).to.deep.equal([403, '{"message":"Forbidden"}']);
      });
    }

    for (const path of ["", "/x", "/x/y"]) {
      it(`HS-32 answers 426 to a plain GET of the stage${path && `'s ${path}`}`, async () => {
        expect((await stage.send(path, { credentials: null })).status).to.equal(426);
      });
    }
  });

  on("disabled", (stage) => {
    it("HS-06 lets nobody in at a disabled endpoint", async () => {
      expect(await stage.status()).to.be.within(400, 499);
    });

    soft("HS-06 answers 403 at a disabled endpoint", async () => {
      const { status, body } = await stage.shake();
      expect([status, body]).to.deep.equal([403, '{"message":"Forbidden"}']);
    });
  });

  on("bare", (stage) => {
    it("HS-11 connects without a $connect route", async () => {
      expect(await stage.status()).to.equal(101);
    });
  });

  on("selection", (stage) => {
    it("HS-12 selects $connect and $disconnect without the route selection expression", async () => {
      const key = newKey();
      await stage.connect({ query: { service: "svc", action: "answer" }, order: { record: key } });
      expect((await stage.recall(key))[0].event.requestContext.routeKey).to.equal("$connect");
    });

    soft("HS-24 answers 504 when the integration of $connect takes too long", async () => {
      const { status, body } = await stage.shake({ order: { sleepMilliseconds: 5000 } });
      expect([status, body]).to.deep.equal([504, '{"message":"Endpoint request timed out"}']);
    });

    soft("HS-28 delivers no route response of $connect", async () => {
      const client = await stage.connect({ order: { result: { statusCode: 200, body: '"early"' } } });
      const { requestContext } = await stage.ask<ProbeEvent>(client, {});
      expect(requestContext.eventType).to.equal("MESSAGE");
    });
  });

  on("unpermitted", (stage) => {
    it("HS-25 answers 500 when API Gateway may not invoke the function", async () => {
      expect(await stage.status()).to.equal(500);
    });
  });

  on("undeployed", (stage) => {
    it("HS-30 answers 403 at a stage without a deployment", async () => {
      expect(await stage.status()).to.equal(403);
    });
  });

  on("throttled", (stage) => {
    it("HS-33 answers 429 where nothing is let through", async () => {
      expect(await stage.status()).to.equal(429);
    });

    soft("HS-33 says Too Many Requests where nothing is let through", async () => {
      expect((await stage.shake()).body).to.equal('{"message":"Too Many Requests"}');
    });
  });

  on("iam", (stage) => {
    it("HS-36 answers 403 to an unsigned handshake", async () => {
      expect(await stage.status()).to.equal(403);
    });

    soft("HS-36 says Missing Authentication Token to an unsigned handshake", async () => {
      expect((await stage.shake()).body).to.equal('{"message":"Missing Authentication Token"}');
    });

    for (const [where, inQuery] of Object.entries({ headers: false, "query string": true })) {
      it(`HS-37 takes a signature in the ${where}`, async () => {
        expect(await stage.status(await signed(stage, inQuery))).to.equal(101);
      });
    }

    it("HS-37 answers 403 to a signature of somebody else's", async () => {
      const { headers } = await signed(stage, false);
      const Authorization = `${headers?.Authorization}`.replace(/.{8}$/, "00000000");
      expect(await stage.status({ headers: { ...headers, Authorization } })).to.equal(403);
    });
  });
});
