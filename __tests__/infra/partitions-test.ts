import { Testing } from "cdktf";
import { expect } from "chai";
import { checkSettings } from "../../infra/settings/check-settings.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { PARTITIONS } from "../support/environments.ts";
import { aChatStack, environment } from "../support/synthesized.ts";

const synthesized = (own: Partial<Environment>): string => Testing.synth(aChatStack({ environment: own }), true);

/** Service principals end the same in every partition. https://github.com/aws/aws-cdk/issues/2198 */
const PRINCIPALS = /"(apigateway|cloudwatch|lambda|scheduler)\.amazonaws\.com"/g;

/** Every ARN and every AWS host name in a stack's text, except service principals. */
const namesIn = (stack: string): string[] =>
  stack
    .replaceAll("\\", "")
    .replaceAll(PRINCIPALS, "")
    .match(/arn:[^:]*:|[\w.${}-]*\.amazonaws\.[a-z.]+/g) ?? [];

describe("infra, in AWS's other partitions", () => {
  for (const [name, own] of Object.entries(PARTITIONS)) {
    it(`accepts the settings of the fixture ${name}`, () => {
      const environments = [{ ...environment, ...own }];
      expect(() => checkSettings({ project: "chat", environments, stateBucket: undefined })).not.to.throw();
    });
  }

  it("has only ARNs and addresses of China in a region of China", () => {
    expect(new Set(namesIn(synthesized(PARTITIONS.china)))).to.deep.equal(
      new Set(["arn:aws-cn:", "secretsmanager.cn-north-1.amazonaws.com.cn"]),
    );
  });

  it("has only ARNs of GovCloud, and addresses of its region", () => {
    expect(new Set(namesIn(synthesized(PARTITIONS.govCloud)))).to.deep.equal(
      new Set([
        "arn:aws-us-gov:",
        "secretsmanager.us-gov-west-1.amazonaws.com",
        "cognito-idp.us-gov-west-1.amazonaws.com",
      ]),
    );
  });

  const refusalOf = (own: Partial<Environment>): (() => void) => {
    const environments = [{ ...environment, ...own }];
    return () => checkSettings({ project: "chat", environments, stateBucket: undefined });
  };

  it("refuses a user pool in China and a public domain in GovCloud, which AWS does not offer", () => {
    expect(refusalOf({ region: "cn-northwest-1", authentication: { kind: "cognito" } })).to.throw(
      'the authentication "cognito", but Amazon Cognito has no user pools in cn-northwest-1',
    );
    const domain = { name: "chat.example.com", hostedZone: "example.com" };
    expect(refusalOf({ region: "us-gov-east-1", domain })).to.throw(
      "a domain, but Amazon Route 53 has no public hosted zones in us-gov-east-1",
    );
  });

  it("refuses a function URL in regions without function URLs, with the remedy", () => {
    const publish = { channels: ["ops"], functionUrl: true };
    for (const region of ["eu-south-2", "il-central-1"]) {
      expect(refusalOf({ region, publish })).to.throw(
        `publish.functionUrl, but AWS Lambda has no function URLs in ${region}. Remove functionUrl, and call lambda:Invoke`,
      );
      expect(refusalOf({ region, publish: { channels: ["ops"] } })).not.to.throw();
    }
    expect(refusalOf({ region: "eu-south-1", publish })).not.to.throw();
  });

  it("refuses a website outside the partition aws", () => {
    for (const region of ["cn-north-1", "us-gov-west-1"]) {
      expect(refusalOf({ region, website: true })).to.throw(`a website, which is not supported in ${region}`);
    }
  });

  it("refuses regions of the isolated partitions", () => {
    expect(refusalOf({ region: "us-iso-east-1" })).to.throw("region outside the isolated (iso) partitions");
  });
});
