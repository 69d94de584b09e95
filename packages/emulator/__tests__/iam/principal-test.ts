import { expect } from "chai";
import { assumedRole, developer } from "../../src/iam/principal.ts";
import { aFunction } from "../support/principals.ts";

describe("iam/principal", () => {
  it("has the ARN of the role's session and temporary credentials for a function", () => {
    const role = { address: "aws_iam_role.say", name: "say-role", policies: [] };
    const { credentials, ...principal } = assumedRole(role, { accountId: "000000000000", sessionName: "say" });
    expect(principal).to.deep.equal({
      arn: "arn:aws:sts::000000000000:assumed-role/say-role/say",
      accountId: "000000000000",
      roleAddress: "aws_iam_role.say",
      policies: [],
    });
    expect(credentials.accessKeyId).to.match(/^ASIA[\dA-F]{16}$/);
    expect(credentials.secretAccessKey).to.match(/^[\w+/]{40}$/);
    expect(credentials.sessionToken).to.match(/^[\w+/]{160}$/);
  });

  it("has different credentials for each function", () => {
    const [one, other] = [aFunction().credentials, aFunction().credentials];
    for (const name of ["accessKeyId", "secretAccessKey", "sessionToken"] as const) {
      expect(one[name]).not.to.equal(other[name]);
    }
  });

  it("has all permissions for the developer, and credentials without a token", () => {
    expect(developer("000000000000")).to.deep.include({
      policies: "administrator",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
  });
});
