import "../support/function-environment.ts";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { authenticate } from "../../authentication/authenticate.ts";
import type { TokenRules } from "../../authentication/identity.ts";
import { issuerKeys } from "../../authentication/issuer-keys.ts";
import {
  AUDIENCE,
  aKey,
  confused,
  type SigningKey,
  startIssuerWith,
  type TestIssuer,
  unsigned,
} from "../support/issuer.ts";

const seconds = (): number => Math.floor(Date.now() / 1000);

for (const algorithm of ["RS256", "ES256"] as const) {
  describe(`authentication/authenticate, with tokens signed by ${algorithm}`, () => {
    let key: SigningKey;
    let issuer: TestIssuer;
    let now: number;
    let rules: TokenRules;
    let ports: Parameters<typeof authenticate>[0];
    before(async () => {
      key = await aKey(algorithm);
    });
    beforeEach(async () => {
      issuer = await startIssuerWith(key);
      now = Date.now();
      const kind = { kind: "jwt", userClaim: "sub", groupsClaim: "groups", closeAtExpiry: false } as const;
      rules = { ...kind, issuer: issuer.url, audience: AUDIENCE };
      const clock = () => now;
      ports = { rules: () => rules, now: clock, keys: issuerKeys({ issuer: () => issuer.url, fetch, now: clock }) };
    });
    afterEach(async () => {
      sinon.restore();
      await issuer.stop();
    });

    const ask = async (token: string | Promise<string>) =>
      authenticate(ports, { headers: {}, query: { token: await token } });
    const claiming = (claims: Readonly<Record<string, unknown>>) => ask(issuer.token({ claims }));
    const whyNot = async (token: string | Promise<string>) => {
      const verdict = await ask(token);
      return "refused" in verdict ? `${verdict.refused}: ${verdict.why}` : "accepted";
    };
    /** Advances the date everywhere, without delaying timers of the network. */
    const later = (milliseconds: number): void => {
      now += milliseconds;
      sinon.restore();
      sinon.useFakeTimers({ now, toFake: ["Date"] });
    };

    it("returns user, name and groups of a valid token", async () => {
      expect(await claiming({ name: "Anna A.", groups: ["staff", "a, b"] })).to.deep.equal({
        user: "anna",
        context: { user: "anna", name: "Anna A.", groups: '["staff","a, b"]' },
      });
    });

    it("reads user and groups from the configured claims", async () => {
      rules = { ...rules, userClaim: "email", groupsClaim: "roles" };
      const verdict = await claiming({ email: "anna@example.com", roles: "ops" });
      expect(verdict).to.have.property("context").that.includes({ user: "anna@example.com", groups: '["ops"]' });
    });

    it("returns the expiry only if connections close when the token expires", async () => {
      const exp = seconds() + 60;
      expect(await claiming({ exp })).not.to.have.nested.property("context.expiresAt");
      rules = { ...rules, closeAtExpiry: true };
      expect(await claiming({ exp })).to.have.nested.property("context.expiresAt", (exp + 30) * 1000);
    });

    it("refuses a handshake without a token, and does not contact the issuer", async () => {
      const verdict = await authenticate(ports, { headers: {}, query: {} });
      expect(verdict).to.deep.equal({ refused: "unauthorized", why: "no token" });
      expect(issuer.asked).to.equal(0);
    });

    for (const [what, claims, why] of [
      ["has expired", () => ({ exp: seconds() - 60 }), "ERR_JWT_EXPIRED exp"],
      ["never expires", () => ({ exp: undefined }), "ERR_JWT_CLAIM_VALIDATION_FAILED exp"],
      ["is not valid yet", () => ({ nbf: seconds() + 60 }), "ERR_JWT_CLAIM_VALIDATION_FAILED nbf"],
      ["is for another audience", () => ({ aud: "other" }), "audience"],
      ["has no audience", () => ({ aud: undefined }), "audience"],
      ["is from another issuer", () => ({ iss: "http://elsewhere" }), "ERR_JWT_CLAIM_VALIDATION_FAILED iss"],
      ["has no issuer", () => ({ iss: undefined }), "ERR_JWT_CLAIM_VALIDATION_FAILED iss"],
    ] as const) {
      it(`refuses a token that ${what}`, async () => {
        expect(await whyNot(issuer.token({ claims: claims() }))).to.equal(`unauthorized: ${why}`);
      });
    }

    it("accepts a token for several audiences, and small clock differences", async () => {
      expect(await claiming({ aud: ["other", AUDIENCE] })).to.have.property("user");
      expect(await claiming({ exp: seconds() - 20 })).to.have.property("user");
      expect(await claiming({ nbf: seconds() + 20 })).to.have.property("user");
    });

    it("refuses a token signed with another key, even with the id of a known key", async () => {
      const key = await aKey(algorithm);
      expect(await whyNot(issuer.token({ key }))).to.equal("unauthorized: ERR_JWKS_NO_MATCHING_KEY");
      const namesake = { ...key, kid: issuer.key.kid };
      expect(await whyNot(issuer.token({ key: namesake }))).to.equal(
        "unauthorized: ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
      );
    });

    it("refuses an unsigned token (alg: none)", async () => {
      expect(await whyNot(unsigned(issuer))).to.equal("unauthorized: ERR_JOSE_ALG_NOT_ALLOWED");
    });

    it("refuses a token signed with the public key as a shared secret", async () => {
      expect(await whyNot(confused(issuer))).to.equal("unauthorized: ERR_JOSE_ALG_NOT_ALLOWED");
    });

    it("refuses malformed and modified tokens", async () => {
      for (const nonsense of ["", "x", "a.b.c", `${await issuer.token()}x`]) {
        expect(await whyNot(nonsense)).to.match(/^unauthorized: ERR_JW/);
      }
      const [header, , signature] = (await issuer.token()).split(".");
      const [, claims] = (await issuer.token({ claims: { sub: "ben" } })).split(".");
      expect(await whyNot(`${header}.${claims}.${signature}`)).to.equal(
        "unauthorized: ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
      );
    });

    it("refuses a valid token without a valid user id as forbidden", async () => {
      for (const sub of [undefined, "", " anna", "an\nna", "a".repeat(256)]) {
        expect(await whyNot(issuer.token({ claims: { sub } })), sub).to.equal("forbidden: user");
      }
    });

    it("refuses a token with more groups than an authorizer's response can hold as forbidden", async () => {
      const groups = Array.from({ length: 500 }, (_, index) => `a-group-with-the-number-${index}`);
      expect(await whyNot(issuer.token({ claims: { groups } }))).to.equal("forbidden: too many groups");
    });

    it("reads the keys once for simultaneous handshakes", async () => {
      const token = await issuer.token();
      await Promise.all(Array.from({ length: 20 }, () => ask(token)));
      expect(issuer.asked).to.equal(1);
    });

    it("accepts a new key of the issuer, and no longer accepts the old one", async () => {
      const before = await issuer.token();
      expect(await ask(before)).to.have.property("user");
      await issuer.rotate();
      later(6_000);
      expect(await claiming({})).to.have.property("user");
      expect(await whyNot(before)).to.equal("unauthorized: ERR_JWKS_NO_MATCHING_KEY");
    });

    it("requests unknown keys at most once in five seconds", async () => {
      await ask(issuer.token());
      const key = await aKey(algorithm);
      for (let attempt = 0; attempt < 5; attempt += 1) await ask(issuer.token({ key }));
      expect(issuer.asked).to.equal(1);
      later(6_000);
      for (let attempt = 0; attempt < 5; attempt += 1) await ask(issuer.token({ key }));
      expect(issuer.asked).to.equal(2);
    });

    it("fails while the issuer is down, retries at most once in five seconds, and recovers", async () => {
      issuer.answerWith(503);
      const down = /^Cannot read the keys of the issuer .*\/keys responds with status 503/;
      for (let attempt = 0; attempt < 5; attempt += 1) expect(await rejection(claiming({}))).to.match(down);
      expect(issuer.asked).to.equal(1);
      issuer.answerWith(200);
      expect(await rejection(claiming({}))).to.match(down);
      later(6_000);
      expect(await claiming({})).to.have.property("user");
    });

    it("uses cached keys for ten minutes while the issuer is down, and fails afterwards", async () => {
      await claiming({});
      issuer.answerWith(503);
      later(9 * 60_000);
      expect(await claiming({ exp: seconds() + 3600 })).to.have.property("user");
      expect(await rejection(ask(issuer.token({ key: await aKey(algorithm) })))).to.include("Cannot read the keys");
      expect(await claiming({ exp: seconds() + 3600 }), "with a known key").to.have.property("user");
      later(2 * 60_000);
      expect(await rejection(claiming({}))).to.include("Cannot read the keys");
    });
  });
}
