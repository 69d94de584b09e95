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

  it("requires no permission for AWS's own key, named by its alias or not at all", () => {
    expect([keyOf(), keyOf("alias/aws/secretsmanager")]).to.deep.equal([undefined, undefined]);
  });

  it("refuses a key that the stack does not have", () => {
    expect(() => keyOf("alias/other")).to.throw("The secret token has the key alias/other");
  });
});
