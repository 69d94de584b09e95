import { expect } from "chai";
import { contextOf, identityInContext, identityOfSigner } from "../../authentication/identity.ts";

const anna = { user: "anna", name: "Anna A.", groups: ["staff", 'a "quoted", one'], expiresAt: 1_790_000_000_000 };

/** As API Gateway hands it on (AU-10). */
const asTexts = (context: object | undefined) =>
  Object.fromEntries(Object.entries(context ?? {}).map(([name, value]) => [name, String(value)]));

describe("authentication/identity", () => {
  it("comes out of an authorizer's context as it was put in", () => {
    expect(identityInContext(asTexts(contextOf(anna)))).to.deep.equal(anna);
    const ben = { user: "ben", groups: [] };
    expect(identityInContext(asTexts(contextOf(ben)))).to.deep.equal(ben);
  });

  it("puts nothing but texts and numbers into the context", () => {
    for (const value of Object.values(contextOf(anna) ?? {})) expect(value).to.be.oneOf([String(value), Number(value)]);
  });

  it("has no context that is longer than an authorizer may tell", () => {
    expect(contextOf({ ...anna, groups: ["é".repeat(4_000)] })).to.equal(undefined);
  });

  it("lets nobody in of whom the authorizer has told nothing", () => {
    expect(() => identityInContext({})).to.throw("without an authorizer's context");
    expect(() => identityInContext({ user: "anna" })).to.throw("$connect must not be open");
  });

  it("is the caller of a signature", () => {
    const userArn = "arn:aws:sts::000000000000:assumed-role/chatters/anna";
    expect(identityOfSigner({ userArn, caller: "AROA:anna" })).to.deep.equal({ user: userArn, groups: [] });
  });

  it("tells the users of an identity pool from each other, who share a role", () => {
    const userArn = "arn:aws:sts::000000000000:assumed-role/chatters/CognitoIdentityCredentials";
    const cognitoIdentityId = "eu-west-2:00000000-0000-4000-8000-000000000000";
    expect(identityOfSigner({ userArn, cognitoIdentityId }).user).to.equal(cognitoIdentityId);
  });

  it("lets nobody in whom no signature names", () => {
    expect(() => identityOfSigner({ sourceIp: "127.0.0.1" })).to.throw("without a signature");
  });
});
