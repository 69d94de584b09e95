import { expect } from "chai";
import { secretsOf } from "../../src/terraform/secrets.ts";

describe("terraform/secrets", () => {
  const keyOf = (kms_key_id?: string) =>
    secretsOf({
      aws_kms_key: { own: { arn: "arn:key", key_id: "key" } },
      aws_secretsmanager_secret: { token: { name: "token", arn: "arn:token", ...(kms_key_id && { kms_key_id }) } },
    })[0]?.kmsKeyArn;

  it("finds the key of a secret by its ARN or id", () => {
    expect([keyOf("arn:key"), keyOf("key")]).to.deep.equal(["arn:key", "arn:key"]);
  });

  it("returns no key for the AWS managed key, given by its alias or by default", () => {
    expect([keyOf(), keyOf("alias/aws/secretsmanager")]).to.deep.equal([undefined, undefined]);
  });

  it("rejects a key that is not in the stack", () => {
    expect(() => keyOf("alias/other")).to.throw("The secret token has the key alias/other");
  });
});
