import { expect } from "chai";
import { resolveReferences } from "../../src/terraform/references.ts";

describe("terraform/computed", () => {
  const resource = { aws_apigatewayv2_api: { api: { name: "chat" } }, aws_iam_role: { say: { name: "say" } } };
  const resolved = (region: string) => {
    const { aws_apigatewayv2_api: apis, aws_iam_role: roles } = resolveReferences(
      { resource },
      { region, accountId: "000000000000" },
    );
    return { api: apis?.api, role: roles?.say };
  };

  for (const [region, partition, suffix] of [
    ["eu-west-2", "aws", "amazonaws.com"],
    ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
  ] as const) {
    it(`uses the partition ${partition} and the suffix ${suffix} in ${region}`, () => {
      const { api, role } = resolved(region);
      expect(api?.execution_arn).to.equal(`arn:${partition}:execute-api:${region}:000000000000:${api?.id}`);
      expect(api?.api_endpoint).to.equal(`wss://${api?.id}.execute-api.${region}.${suffix}`);
      expect(role?.arn).to.equal(`arn:${partition}:iam::000000000000:role/say`);
    });
  }
});
