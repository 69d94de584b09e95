import { Testing } from "cdktf";
import { expect } from "chai";
import type { Environment } from "../../../infra/settings/settings.ts";
import { aChatStack, ISSUER, STACK } from "../../support/synthesized.ts";

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
type Outputs = Readonly<Record<string, { readonly value: string }>>;

const synthesized = (environment: Partial<Environment>): { readonly resource: Resources; readonly output: Outputs } =>
  JSON.parse(Testing.synth(aChatStack({ environment }), true));

const ARN = "${aws_lambda_function.publish.arn}";
const INVOKE = { Sid: "InvokePublish", Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [ARN] };
const BUS = '${replace(aws_cloudwatch_event_rule.publish.arn, "rule/chat-dev-publish", "event-bus/default")}';
/** Terraform evaluates the expression, whose quotation marks are not escaped, before anybody reads the policy. */
const policyIn = ({ output }: { readonly output: Outputs }) =>
  JSON.parse(output.publish_policy_json?.value.replace(BUS, "the default bus") ?? "");
const rights = ({ resource }: { readonly resource: Resources }): string =>
  String(resource.aws_iam_role_policy?.publish?.policy);

describe("infra/constructs/publisher", () => {
  it("deploys nothing without the setting", () => {
    const { resource, output } = synthesized({});
    expect(resource.aws_lambda_function).not.to.have.property("publish");
    expect(Object.keys(resource).filter((type) => type.includes("event_rule"))).to.deep.equal([]);
    expect(Object.keys(output).filter((name) => name.startsWith("publish"))).to.deep.equal([]);
  });

  it("deploys a function that only IAM can invoke, with the rules of the setting", () => {
    const stack = synthesized({ publish: { channels: ["ops"] } });
    expect(stack.resource.aws_lambda_function?.publish).to.have.nested.property(
      "environment.variables.PUBLISH_RULES",
      JSON.stringify({ channels: ["ops"], users: false }),
    );
    expect(stack.resource.aws_lambda_permission).not.to.have.property("publish-events");
    expect(policyIn(stack).Statement).to.deep.equal([INVOKE]);
    expect(stack.output.publish_function?.value).to.equal("${aws_lambda_function.publish.function_name}");
  });

  it("has a URL for signed requests only, whose callers need a second permission", () => {
    const stack = synthesized({ publish: { channels: "any", functionUrl: true } });
    expect(stack.resource.aws_lambda_function_url?.publish).to.include({
      function_name: "${aws_lambda_function.publish.function_name}",
      authorization_type: "AWS_IAM",
    });
    expect(stack.resource.aws_lambda_function_url?.publish).not.to.have.property("cors");
    expect(stack.output.publish_url?.value).to.equal("${aws_lambda_function_url.publish.function_url}publish");
    expect(policyIn(stack).Statement).to.deep.equal([
      INVOKE,
      {
        Sid: "InvokePublishUrl",
        Effect: "Allow",
        Action: ["lambda:InvokeFunctionUrl"],
        Resource: [ARN],
        Condition: { StringEquals: { "lambda:FunctionUrlAuthType": ["AWS_IAM"] } },
      },
    ]);
  });

  it("has no URL by default", () => {
    const { resource, output } = synthesized({ publish: { channels: "any" } });
    expect(resource).not.to.have.property("aws_lambda_function_url");
    expect(output).not.to.have.property("publish_url");
  });

  it("lets the function store messages only in the channels of the setting", () => {
    const allowed = (channels: string[] | "any"): string => rights(synthesized({ publish: { channels } }));
    expect(allowed(["ops", "~plans"]))
      .to.include('"LOG#ops","LOG#~plans"')
      .and.not.to.include("LOG#*");
    expect(allowed("any")).to.include("LOG#*");
  });

  it("has ids of its own for repeats, and reads users only if it may publish to them", () => {
    const withoutUsers = rights(synthesized({ publish: { channels: "any" }, authentication: ISSUER }));
    expect(withoutUsers)
      .to.include("PUBLISHED#*")
      .and.not.to.match(/REPEAT#|ReadAddressedUsers/);
    expect(rights(synthesized({ publish: { channels: "any", users: true }, authentication: ISSUER }))).to.include(
      "ReadAddressedUsers",
    );
  });

  it("takes the events of one source from the default bus, and allows callers to send only these", () => {
    const stack = synthesized({ publish: { channels: "any", eventSource: "acme.ci" } });
    const { resource } = stack;
    expect(resource.aws_cloudwatch_event_rule?.publish).to.deep.include({
      name: `${STACK}-publish`,
      event_pattern: JSON.stringify({ source: ["acme.ci"] }),
    });
    expect(resource.aws_cloudwatch_event_target?.publish).to.include({
      rule: "${aws_cloudwatch_event_rule.publish.name}",
      arn: ARN,
    });
    expect(resource.aws_lambda_permission?.["publish-events"]).to.include({
      principal: "events.amazonaws.com",
      source_arn: "${aws_cloudwatch_event_rule.publish.arn}",
    });
    expect(policyIn(stack).Statement).to.deep.equal([
      INVOKE,
      {
        Sid: "SendEvents",
        Effect: "Allow",
        Action: ["events:PutEvents"],
        Resource: ["the default bus"],
        Condition: { StringEquals: { "events:source": ["acme.ci"] } },
      },
    ]);
  });
});
