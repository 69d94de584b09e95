import { expect } from "chai";
import type { Resources } from "../../../src/terraform/configuration.ts";
import { orderFindings } from "../../../src/terraform/rules/order.ts";
import { reference } from "../../../src/testing/fixture-stack.ts";

const ROLE = reference("aws_iam_role.worker.arn");
const TRACED = { role: ROLE, tracing_config: { mode: "Active" } };

const allow = (Action: string, Resource = "*"): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });

const policyOf = (policy: string) => ({ role: reference("aws_iam_role.worker.name"), policy });

/** A function with its role and other resources. */
const aStack = (lambda: object, resources: object = {}): Resources =>
  ({
    aws_iam_role: { worker: { name: "worker" } },
    aws_lambda_function: { worker: { function_name: "worker", role: ROLE, ...lambda } },
    ...resources,
  }) as Resources;

const rights = (policy: string) => ({ aws_iam_role_policy: { rights: policyOf(policy) } });
const AFTER = { depends_on: ["aws_iam_role_policy.rights"] };
const problems = (resources: Resources): string[] =>
  orderFindings(resources).map(({ address, problem }) => `${address}: ${problem}`);

const QUEUE = reference("aws_sqs_queue.failed.arn");

/** Each permission that AWS checks, with the attribute that requires it. */
const CHECKED: readonly (readonly [action: string, lambda: object])[] = [
  ["xray:PutTraceSegments", { tracing_config: { mode: "Active" } }],
  ["sqs:SendMessage", { dead_letter_config: { target_arn: QUEUE } }],
  ["sns:Publish", { dead_letter_config: [{ target_arn: reference("aws_sns_topic.failed.arn") }] }],
  ["ec2:CreateNetworkInterface", { vpc_config: { subnet_ids: ["a"] } }],
  ["kms:Decrypt", { kms_key_arn: reference("aws_kms_key.own.arn") }],
];

describe("terraform/rules/order", () => {
  for (const [action, lambda] of CHECKED) {
    const isVpc = action.startsWith("ec2:");
    const policy = rights(allow(isVpc ? "ec2:*" : action));

    it(`requires a policy with ${action} before the function that needs it`, () => {
      expect(problems(aStack({ ...lambda, ...AFTER }, policy))).to.deep.equal([]);
      const [missing = ""] = problems(aStack({ ...lambda, ...AFTER }, rights(allow("logs:PutLogEvents"))));
      expect(missing).to.include("aws_lambda_function.worker: ").and.to.include(action);
      expect(missing).to.include("No policy of that role allows it.");
    });

    it(`reports ${action} in a policy that Terraform may create later`, () => {
      const stack = aStack(lambda, policy);
      const [late = ""] = problems(stack);
      expect(orderFindings(stack)[0]).to.include({ isWarning: true });
      expect(late).to.include("aws_iam_role_policy.rights allows it, but Terraform may create that policy later.");
    });
  }

  it("rejects a policy that refers to the function itself", () => {
    const itself = allow("xray:PutTraceSegments", reference("aws_lambda_function.worker.arn"));
    const both = JSON.parse(itself);
    both.Statement[0].Resource = ["*", reference("aws_lambda_function.worker.arn")];
    const stack = aStack(TRACED, rights(JSON.stringify(both)));
    const [late = ""] = problems(stack);
    expect(orderFindings(stack)[0]).not.to.have.property("isWarning");
    expect(late).to.include("refers to this resource, so Terraform creates the policy too late");
  });

  for (const [service, action, destination] of [
    ["a queue", "sqs:SendMessage", QUEUE],
    ["a topic", "sns:Publish", reference("aws_sns_topic.failed.arn")],
    ["a function", "lambda:InvokeFunction", reference("aws_lambda_function.other.arn")],
    ["an event bus", "events:PutEvents", "arn:aws:events:eu-west-2:000000000000:event-bus/own"],
  ] as const) {
    it(`requires ${action} before ${service} becomes the destination of events`, () => {
      const config = (own: object) => ({
        ...rights(allow(action)),
        aws_lambda_function_event_invoke_config: {
          worker: {
            function_name: reference("aws_lambda_function.worker.function_name"),
            destination_config: { on_failure: { destination } },
            ...own,
          },
        },
      });
      expect(problems(aStack({}, config(AFTER)))).to.deep.equal([]);
      expect(problems(aStack(AFTER, config({})))).to.deep.equal([]);
      const [late = ""] = problems(aStack({}, config({})));
      expect(late).to.include("aws_lambda_function_event_invoke_config.worker: ").and.to.include(action);
    });
  }

  it("requires the permission for the destination queue, not for another queue", () => {
    const dead = { dead_letter_config: { target_arn: QUEUE }, ...AFTER };
    const on = (queue: string) => rights(allow("sqs:SendMessage", reference(`aws_sqs_queue.${queue}.arn`)));
    expect(problems(aStack(dead, on("failed")))).to.deep.equal([]);
    expect(problems(aStack(dead, on("other")))).to.have.length(1);
  });

  it("accepts an inline policy of the role, and a policy that is attached before", () => {
    const inline = { name: "worker", inline_policy: [{ name: "a", policy: allow("xray:*") }] };
    expect(problems(aStack(TRACED, { aws_iam_role: { worker: inline } }))).to.deep.equal([]);
    const attached = {
      aws_iam_policy: { traces: { policy: allow("xray:PutTraceSegments") } },
      aws_iam_role_policy_attachment: {
        traces: { role: "worker", policy_arn: reference("aws_iam_policy.traces.arn") },
      },
    };
    const after = { depends_on: ["aws_iam_role_policy_attachment.traces"] };
    expect(problems(aStack({ ...TRACED, ...after }, attached))).to.deep.equal([]);
    expect(problems(aStack(TRACED, attached))).to.have.length(1);
  });

  it("evaluates NotAction and NotResource", () => {
    const statement = (own: object) =>
      rights(JSON.stringify({ Statement: [{ Effect: "Allow", Resource: "*", ...own }] }));
    expect(problems(aStack({ ...TRACED, ...AFTER }, statement({ NotAction: ["iam:*"] })))).to.deep.equal([]);
    expect(problems(aStack({ ...TRACED, ...AFTER }, statement({ NotAction: "xray:*" })))).to.have.length(1);
    const elsewhere = { Action: "*", Resource: undefined, NotResource: "arn:aws:iam::*:role/*" };
    expect(problems(aStack({ ...TRACED, ...AFTER }, statement(elsewhere)))).to.deep.equal([]);
  });

  it("accepts the AWS managed policy for traces", () => {
    const arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess";
    const role = { worker: { name: "worker", managed_policy_arns: [arn] } };
    expect(problems(aStack(TRACED, { aws_iam_role: role }))).to.deep.equal([]);
  });

  it("requires the account's role for logs, with its policy, before a stage with an access log", () => {
    const stack = (account: object, stage: object) =>
      aStack(
        {},
        {
          ...rights(allow("logs:*")),
          aws_api_gateway_account: { own: { cloudwatch_role_arn: ROLE, ...account } },
          aws_apigatewayv2_stage: { dev: { access_log_settings: { destination_arn: "a" }, ...stage } },
        },
      );
    expect(problems(stack(AFTER, { depends_on: ["aws_api_gateway_account.own"] }))).to.deep.equal([]);
    const addresses = orderFindings(stack({}, {})).map(({ address }) => address);
    expect(new Set(addresses)).to.have.all.keys("aws_api_gateway_account.own", "aws_apigatewayv2_stage.dev");
  });

  it("reports resources that refer to each other once", () => {
    const cycle = aStack(
      { depends_on: ["aws_sqs_queue.a"] },
      { aws_sqs_queue: { a: { depends_on: ["aws_lambda_function.worker"] } } },
    );
    expect(problems(cycle)).to.have.length(1);
    expect(problems(cycle)[0]).to.include("It depends on itself");
  });
});
