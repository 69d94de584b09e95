import { policyViolations } from "@serverless-chat/emulator/iam/policy-rules";
import { resolvedStack } from "@serverless-chat/emulator/terraform/resolved-stack";
import { resolvedFindings, sentence, unresolvedFindings } from "@serverless-chat/emulator/terraform/rules";
import { Testing } from "cdktf";
import { expect } from "chai";
import fc from "fast-check";
import type { Environment } from "../../infra/settings/settings.ts";
import { asDeployed, type DeployedStack } from "../support/as-deployed.ts";
import { breaches, variablesBytesOf } from "../support/aws-limits.ts";
import { anyText, extremeSettings, isAccepted, largestSettings } from "../support/extreme-settings.ts";
import { aChatStack, EVERYTHING, environment, synthesizedChat } from "../support/synthesized.ts";

/** The default number of runs; FC_RUNS can raise it. */
const runs = (usual: number) => ({
  numRuns: Number(process.env.FC_RUNS ?? usual),
  ...(process.env.FC_SEED !== undefined && { seed: Number(process.env.FC_SEED) }),
});

const deployed = (own: Partial<Environment>): DeployedStack =>
  asDeployed(Testing.synth(aChatStack({ environment: own }), true));

describe("infra, with extreme settings", () => {
  let largest: readonly DeployedStack[];
  before(() => {
    largest = largestSettings.map(deployed);
  });

  it("accepts the largest value of every setting, for each kind of user", () => {
    for (const own of largestSettings) expect(isAccepted(own), JSON.stringify(own).slice(0, 500)).to.equal(true);
    for (const stack of largest) expect(breaches(stack)).to.deep.equal([]);
  });

  it("accepts any combination of extreme values", () => {
    fc.assert(
      fc.property(extremeSettings, (own) => {
        expect(isAccepted(own)).to.equal(true);
        expect(breaches(deployed(own))).to.deep.equal([]);
      }),
      runs(25),
    );
  });

  it("synthesizes valid Terraform for any accepted text", () => {
    fc.assert(
      fc.property(anyText, (own) => {
        if (isAccepted(own)) expect(breaches(deployed(own))).to.deep.equal([]);
      }),
      runs(40),
    );
  });

  it("passes the rules by which the emulator refuses a stack, and IAM's grammar", async () => {
    for (const own of largestSettings) {
      const { configuration, resources, documents } = resolvedStack(synthesizedChat({ environment: own }));
      const policies = await Promise.all(documents.map(({ document, kind }) => policyViolations(document, kind)));
      const findings = [...unresolvedFindings(configuration), ...(await resolvedFindings(resources))].map(sentence);
      expect([...findings, ...policies.flat()]).to.deep.equal([]);
    }
  });

  it("lets lists use most of the space in a function's variables", () => {
    const bytes = largest.flatMap(({ resource }) =>
      Object.values(resource.aws_lambda_function ?? {}).map(variablesBytesOf),
    );
    expect(Math.max(...bytes)).to.be.within(3_500, 4_096);
  });

  it("keeps a deployed name valid with any enabled settings", () => {
    const name = "n".repeat(41);
    expect(breaches(deployed({ name }))).to.deep.equal([]);
    expect(breaches(deployed({ ...largestSettings.at(-1), name }))).to.deep.equal([]);
  });

  it("replaces project and environment with the user's tags of the same name", () => {
    const tagsOf = (own: Partial<Environment>) => deployed(own).provider.aws[0].default_tags[0].tags;
    expect(tagsOf({ tags: { team: "chat" } })).to.deep.equal({ team: "chat", environment: "dev", project: "chat" });
    const own = { Environment: "production", PROJECT: "acme" };
    expect(tagsOf({ tags: own })).to.deep.equal(own);
  });

  describe("the checks", () => {
    /** A stack with one changed attribute. */
    const broken = (type: string, attributes: object): string[] => {
      const stack = structuredClone(deployed({ ...EVERYTHING })) as {
        resource: Record<string, Record<string, object>>;
      };
      const [first] = Object.values(stack.resource[type] ?? {});
      Object.assign(first ?? {}, attributes);
      return breaches(stack as unknown as DeployedStack);
    };
    const faults: [type: string, attributes: object, sentence: RegExp][] = [
      ["aws_lambda_function", { function_name: "f".repeat(65) }, /function_name is "f+"; allowed/],
      ["aws_iam_role", { name: "a b" }, /aws_iam_role\..*name is "a b"/],
      ["aws_sqs_queue", { name: "q".repeat(81) }, /aws_sqs_queue/],
      ["aws_iam_role", { assume_role_policy: "x".repeat(2_049) }, /trust policy of .*: 2049; allowed: 2048/],
      ["aws_iam_role_policy", { policy: "x".repeat(10_241) }, /inline policies of .*: 10241; allowed: 10240/],
      ["aws_lambda_function", { environment: { variables: { A: "é".repeat(2_048) } } }, /4104 bytes of variables/],
      ["aws_lambda_function", { description: "${path.module}" }, /has a template/],
      ["aws_apigatewayv2_stage", { default_route_settings: { throttling_burst_limit: 2 ** 31 } }, /is 2147483648/],
      [
        "aws_cloudwatch_metric_alarm",
        { metric_query: Array.from({ length: 11 }, () => ({ metric: { period: 60 } })) },
        /has 11 metrics; allowed: 10/,
      ],
      [
        "aws_cloudwatch_dashboard",
        { dashboard_body: '{"widgets":[{"x":20,"width":12,"properties":{"metrics":[]}}]}' },
        /off the grid/,
      ],
    ];
    for (const [type, attributes, sentence] of faults) {
      it(`find ${sentence}`, () => {
        expect(broken(type, attributes).join("\n")).to.match(sentence);
      });
    }

    it("find more than 50 tags, and tags that IAM treats as one", () => {
      const tags = { a: "1", A: "2" };
      expect(breaches(deployed({ ...environment, tags })).join("\n")).to.include("differ by case alone");
      const many = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`t${index}`, "1"]));
      expect(breaches(deployed({ tags: many })).join("\n")).to.include("51 tags; allowed: 50");
    });
  });
});
