import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { issuerKeys } from "../../authentication/issuer-keys.ts";

/** The error that follows from a discovery document. */
async function refusalOf(document: unknown, issuer = "https://login.example.com/"): Promise<string> {
  const requests: string[] = [];
  const fetch = async (url: unknown) => {
    requests.push(String(url));
    return new Response(typeof document === "string" ? document : JSON.stringify(document));
  };
  const keys = issuerKeys({ issuer: () => issuer, fetch, now: Date.now });
  const refusal = await rejection(Promise.resolve(keys({ alg: "RS256" }, { payload: "", signature: "" })));
  expect(requests[0]).to.equal("https://login.example.com/.well-known/openid-configuration");
  return refusal;
}

const SECURE = { issuer: "https://login.example.com/", jwks_uri: "https://login.example.com/keys" };

describe("authentication/issuer-keys", () => {
  it("refuses a discovery document that names another issuer", async () => {
    expect(await refusalOf({ ...SECURE, issuer: "https://login.example.com" })).to.include(
      "names the issuer https://login.example.com",
    );
  });

  it("refuses a key URL without TLS", async () => {
    expect(await refusalOf({ ...SECURE, jwks_uri: "http://login.example.com/keys" })).to.include(
      "its key URL http://login.example.com/keys has another protocol",
    );
  });

  it("refuses invalid documents and key sets", async () => {
    expect(await refusalOf("<html>")).to.include("JSON");
    expect(await refusalOf({ issuer: SECURE.issuer })).to.include("Invalid URL");
    expect(await refusalOf(SECURE)).to.include("JSON Web Key Set malformed");
  });
});
