import { expect } from "chai";
import { contextOf, identityInContext, identityOfSigner } from "../../authentication/identity.ts";

const anna = { user: "anna", name: "Anna A.", groups: ["staff", 'a "quoted", one'], expiresAt: 1_790_000_000_000 };

/** API Gateway passes context values on as strings (AU-10). */
const asStrings = (context: object | undefined) =>
  Object.fromEntries(Object.entries(context ?? {}).map(([name, value]) => [name, String(value)]));

describe("authentication/identity", () => {
  it("survives the authorizer's context unchanged", () => {
    expect(identityInContext(asStrings(contextOf(anna)))).to.deep.equal(anna);
    const ben = { user: "ben", groups: [] };
    expect(identityInContext(asStrings(contextOf(ben)))).to.deep.equal(ben);
  });

  it("writes only strings and numbers into the context", () => {
    for (const value of Object.values(contextOf(anna) ?? {})) expect(value).to.be.oneOf([String(value), Number(value)]);
  });

  it("returns no context if it exceeds the limit of an authorizer's response", () => {
    expect(contextOf({ ...anna, groups: ["é".repeat(4_000)] })).to.equal(undefined);
  });

  it("throws if the authorizer's context is missing or incomplete", () => {
    expect(() => identityInContext({})).to.throw("without an authorizer's context");
    expect(() => identityInContext({ user: "anna" })).to.throw("Deploy the stack again");
  });

  it("is the ARN of the caller of a signed handshake", () => {
    const userArn = "arn:aws:sts::000000000000:assumed-role/chatters/anna";
    expect(identityOfSigner({ userArn, caller: "AROA:anna" })).to.deep.equal({ user: userArn, groups: [] });
  });

  it("is the identity's id for users of an identity pool, who share a role", () => {
    const userArn = "arn:aws:sts::000000000000:assumed-role/chatters/CognitoIdentityCredentials";
    const cognitoIdentityId = "eu-west-2:00000000-0000-4000-8000-000000000000";
    expect(identityOfSigner({ userArn, cognitoIdentityId }).user).to.equal(cognitoIdentityId);
  });

  it("throws if the handshake is not signed", () => {
    expect(() => identityOfSigner({ sourceIp: "127.0.0.1" })).to.throw("without a signature");
  });
});
