import { expect } from "chai";
import { identityIn } from "../../authentication/claims.ts";
import type { TokenRules } from "../../authentication/rules.ts";

const RULES: TokenRules = {
  kind: "cognito",
  issuer: "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_AbCdEfGhI",
  audience: "client",
  userClaim: "username",
  groupsClaim: "cognito:groups",
  closeAtExpiry: false,
};
/** As Cognito makes it. */
const ACCESS = {
  token_use: "access",
  client_id: "client",
  username: "anna",
  sub: "0f-1e",
  "cognito:groups": ["staff"],
};

describe("authentication/claims, of Cognito", () => {
  it("are those of an access token for our client", () => {
    expect(identityIn(ACCESS, RULES)).to.deep.equal({ user: "anna", groups: ["staff"] });
  });

  it("are none of ours for another client, or in an id token, which is for the client's own eyes", () => {
    const another = { ...ACCESS, client_id: "other" };
    const id = { token_use: "id", aud: "client", "cognito:username": "anna", username: "anna", client_id: "client" };
    for (const claims of [another, id]) expect(identityIn(claims, RULES)).to.deep.equal({ fault: "audience" });
  });

  for (const [what, username] of [
    ["invisible", "anna\u3164"],
    ["blank", "\u2800"],
    ["not in NFC", "Zoe\u0308"],
    ["chat-ops", "chat-ops"],
    ["like chat-ops", "\u0441hat-ops"],
    ["like chat-ops in another case", "Chat-Ops"],
  ]) {
    it(`are none of a user whose id is ${what}`, () => {
      expect(identityIn({ ...ACCESS, username }, RULES)).to.deep.equal({ fault: "user" });
    });
  }

  it("have no groups where the user is in none", () => {
    expect(identityIn({ ...ACCESS, "cognito:groups": undefined }, RULES)).to.have.deep.property("groups", []);
  });
});
