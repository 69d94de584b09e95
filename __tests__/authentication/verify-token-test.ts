import { expect } from "chai";
import type { TokenRules } from "../../authentication/identity.ts";
import { identityInClaims } from "../../authentication/verify-token.ts";

const RULES: TokenRules = {
  kind: "cognito",
  issuer: "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_AbCdEfGhI",
  audience: "client",
  userClaim: "username",
  groupsClaim: "cognito:groups",
  closeAtExpiry: false,
};
/** The claims of a Cognito access token. */
const ACCESS = {
  token_use: "access",
  client_id: "client",
  username: "anna",
  sub: "0f-1e",
  "cognito:groups": ["staff"],
};

describe("authentication/verify-token, with claims from Cognito", () => {
  it("accepts an access token for the configured client", () => {
    expect(identityInClaims(ACCESS, RULES)).to.deep.equal({ user: "anna", groups: ["staff"] });
  });

  it("refuses access tokens for another client, and id tokens", () => {
    const another = { ...ACCESS, client_id: "other" };
    const id = { token_use: "id", aud: "client", "cognito:username": "anna", username: "anna", client_id: "client" };
    for (const claims of [another, id]) expect(identityInClaims(claims, RULES)).to.deep.equal({ fault: "audience" });
  });

  it("accepts access tokens for each of several clients", () => {
    const rules = { ...RULES, audience: ["client", "page"] };
    for (const client_id of rules.audience) {
      expect(identityInClaims({ ...ACCESS, client_id }, rules)).to.have.property("user", "anna");
    }
    expect(identityInClaims({ ...ACCESS, client_id: "other" }, rules)).to.deep.equal({ fault: "audience" });
  });

  for (const [what, username] of [
    ["invisible", "anna\u3164"],
    ["blank", "\u2800"],
    ["not in NFC", "Zoe\u0308"],
    ["the reserved name chat-ops", "chat-ops"],
    ["similar to the reserved name chat-ops", "\u0441hat-ops"],
    ["the reserved name chat-ops in another case", "Chat-Ops"],
  ]) {
    it(`refuses a user id that is ${what}`, () => {
      expect(identityInClaims({ ...ACCESS, username }, RULES)).to.deep.equal({ fault: "user" });
    });
  }

  it("reads no groups if the claim is missing", () => {
    expect(identityInClaims({ ...ACCESS, "cognito:groups": undefined }, RULES)).to.have.deep.property("groups", []);
  });
});
