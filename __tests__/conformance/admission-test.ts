import aws4 from "aws4";
import { expect } from "chai";
import type { ProbeEvent } from "./probes/order.ts";
import { credentials, newKey, on, regionOf, type Stage, soft } from "./stage.ts";

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

describe("conformance: admission of handshakes", () => {
  on("main", (stage) => {
    it("HS-31 returns 403 to a call to an unknown stage", async () => {
      const { status, body } = await stage.send("-other", { method: "POST", credentials: null });
      expect([status, body]).to.deep.equal([403, '{"message":"Forbidden"}']);
    });

    for (const path of ["-other", "/below"]) {
      soft(`HS-31 returns 403 to a handshake with ${path} after the stage`, async () => {
        const { status, body } = await stage.handshake({ path });
        expect([status, body]).to.deep.equal([403, '{"message":"Forbidden"}']);
      });
    }

    for (const path of ["", "/x", "/x/y"]) {
      it(`HS-32 returns 426 to a plain GET of the stage${path && ` and ${path}`}`, async () => {
        expect((await stage.send(path, { credentials: null })).status).to.equal(426);
      });
    }
  });

  on("disabled", (stage) => {
    it("HS-06 rejects every handshake at a disabled endpoint", async () => {
      expect(await stage.status()).to.be.within(400, 499);
    });

    soft("HS-06 returns 403 at a disabled endpoint", async () => {
      const { status, body } = await stage.handshake();
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
      expect((await stage.records(key))[0].event.requestContext.routeKey).to.equal("$connect");
    });

    soft("HS-24 returns 504 if the integration of $connect times out", async () => {
      const { status, body } = await stage.handshake({ order: { sleepMilliseconds: 5000 } });
      expect([status, body]).to.deep.equal([504, '{"message":"Endpoint request timed out"}']);
    });

    soft("HS-28 delivers no route response of $connect", async () => {
      const client = await stage.connect({ order: { result: { statusCode: 200, body: '"early"' } } });
      const { requestContext } = await stage.request<ProbeEvent>(client, {});
      expect(requestContext.eventType).to.equal("MESSAGE");
    });
  });

  on("unpermitted", (stage) => {
    it("HS-25 returns 500 if API Gateway has no permission to invoke the function", async () => {
      expect(await stage.status()).to.equal(500);
    });
  });

  on("undeployed", (stage) => {
    it("HS-30 returns 403 at a stage without a deployment", async () => {
      expect(await stage.status()).to.equal(403);
    });
  });

  on("throttled", (stage) => {
    it("HS-33 returns 429 if the throttle admits nothing", async () => {
      expect(await stage.status()).to.equal(429);
    });

    soft("HS-33 returns the message Too Many Requests if the throttle admits nothing", async () => {
      expect((await stage.handshake()).body).to.equal('{"message":"Too Many Requests"}');
    });
  });

  on("iam", (stage) => {
    it("HS-36 returns 403 to an unsigned handshake", async () => {
      expect(await stage.status()).to.equal(403);
    });

    soft("HS-36 returns the message Missing Authentication Token to an unsigned handshake", async () => {
      expect((await stage.handshake()).body).to.equal('{"message":"Missing Authentication Token"}');
    });

    for (const [where, inQuery] of Object.entries({ headers: false, "query string": true })) {
      it(`HS-37 accepts a signature in the ${where}`, async () => {
        expect(await stage.status(await signed(stage, inQuery))).to.equal(101);
      });
    }

    it("HS-37 returns 403 to a wrong signature", async () => {
      const { headers } = await signed(stage, false);
      const Authorization = `${headers?.Authorization}`.replace(/.{8}$/, "00000000");
      expect(await stage.status({ headers: { ...headers, Authorization } })).to.equal(403);
    });
  });
});
