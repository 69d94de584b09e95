import { Testing } from "cdktf";
import { expect } from "chai";
import { isUnsupported } from "../../../chatops/service.ts";
import { services } from "../../../chatops/services.ts";
import type { ChatOpsSettings } from "../../../infra/settings/chat-ops.ts";
import { ENABLED } from "../../support/chatops/enabled.ts";
import { aChatStack, STACK } from "../../support/synthesized.ts";

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

interface Statement {
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string[]>>>>;
}

const synthesized = (own: Partial<ChatOpsSettings> = {}): Resources =>
  JSON.parse(Testing.synth(aChatStack({ environment: { ...ENABLED, chatOps: { ...ENABLED.chatOps, ...own } } }), true))
    .resource;

const keys = services.map(({ key }) => key);
const rotating = services.filter(({ actions }) => !isUnsupported(actions.rotate)).map(({ key }) => key);

/** What a role may do by all its policies: each action, and its resource or the items it reaches. */
const rightsOf = ({ aws_iam_role_policy: policies }: Resources, role: string): string[] =>
  Object.values(policies ?? {})
    .filter((policy) => policy.role === `\${aws_iam_role.${role}.name}`)
    .flatMap(({ policy }): Statement[] => JSON.parse(String(policy)).Statement)
    .flatMap(({ Action, Resource, Condition }) => {
      const on = Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? Resource;
      return Action.map((action) => `${action} ${on.join(" ")}`);
    });

describe("infra/constructs/chat-ops", () => {
  let resources: Resources;
  before(() => {
    resources = synthesized();
  });

  it("has nothing of a service that is not enabled, and of none where chat-ops is not", () => {
    const one = JSON.stringify(synthesized({ services: { jenkins: {} } }));
    expect(one).to.include("jenkins");
    for (const key of keys.filter((each) => each !== "jenkins")) expect(one).not.to.match(new RegExp(`"${key}"`));
    const none = JSON.parse(Testing.synth(aChatStack(), true)).resource;
    expect(Object.keys(none).filter((type) => /secret|scheduler|kms/.test(type))).to.deep.equal([]);
  });

  it("has for each service a function with the route of its name, and answers by the route response", () => {
    for (const key of keys) {
      expect(resources.aws_lambda_function?.[key]).to.include({ function_name: `${STACK}-${key}`, timeout: 25 });
      expect(resources.aws_apigatewayv2_route?.[key]).to.include({
        route_key: key,
        route_response_selection_expression: "$default",
      });
    }
  });

  it("makes secrets without a value, under names that are no part of another's", () => {
    expect(Object.keys(resources)).not.to.include("aws_secretsmanager_secret_version");
    for (const key of keys) expect(resources.aws_secretsmanager_secret?.[key]).to.include({ name: `${STACK}/${key}` });
  });

  it("keeps a deleted secret where the environment is protected, and frees its name elsewhere", () => {
    expect(resources.aws_secretsmanager_secret?.github).to.include({ recovery_window_in_days: 0 });
    const stack = aChatStack({ environment: { ...ENABLED, deletionProtection: true } });
    const { resource } = JSON.parse(Testing.synth(stack, true));
    expect(resource.aws_secretsmanager_secret.github).to.include({ recovery_window_in_days: 30 });
  });

  it("lets a function use its own secret alone, and the table as far as its service goes", () => {
    for (const key of keys) {
      const secret = `\${aws_secretsmanager_secret.${key}.arn}`;
      expect(rightsOf(resources, key)).to.have.members([
        "dynamodb:GetItem CONN#*",
        "dynamodb:PutItem LOG#ops",
        "lambda:InvokeFunction ${aws_lambda_function.fan-out.arn}",
        `dynamodb:PutItem AUDIT#${key}#*`,
        `dynamodb:PutItem LEASE#${key}`,
        `dynamodb:DeleteItem LEASE#${key}`,
        `dynamodb:PutItem CONFIRMATION#${key}`,
        `dynamodb:GetItem CONFIRMATION#${key}`,
        `secretsmanager:DescribeSecret ${secret}`,
        `secretsmanager:GetSecretValue ${secret}`,
        `secretsmanager:PutSecretValue ${secret}`,
        `secretsmanager:UpdateSecretVersionStage ${secret}`,
        `sqs:SendMessage \${aws_sqs_queue.${key}-failed.arn}`,
        `logs:CreateLogStream \${aws_cloudwatch_log_group.${key}.arn}:*`,
        `logs:PutLogEvents \${aws_cloudwatch_log_group.${key}.arn}:*`,
      ]);
    }
  });

  it("has for each service that can rotate a schedule, in a role that may invoke its function alone", () => {
    expect(Object.keys(resources.aws_scheduler_schedule ?? {})).to.have.members(rotating);
    for (const key of rotating) {
      expect(resources.aws_scheduler_schedule?.[key]).to.deep.include({
        schedule_expression: "rate(30 days)",
        group_name: "${aws_scheduler_schedule_group.chat-ops.name}",
      });
      expect(resources.aws_scheduler_schedule?.[key]?.target).to.deep.include({
        arn: `\${aws_lambda_function.${key}.arn}`,
        input: '{"action":"rotate"}',
      });
      expect(rightsOf(resources, `${key}-schedule`)).to.deep.equal([
        `lambda:InvokeFunction \${aws_lambda_function.${key}.arn}`,
        `sqs:SendMessage \${aws_sqs_queue.${key}-failed.arn}`,
      ]);
    }
  });

  it("lets no schedule be played but those of its own group", () => {
    const { Statement } = JSON.parse(String(resources.aws_iam_role?.["github-schedule"]?.assume_role_policy));
    expect(Statement[0].Condition).to.deep.equal({
      StringEquals: { "aws:SourceArn": "${aws_scheduler_schedule_group.chat-ops.arn}" },
    });
  });

  it("rotates a service as often as its own setting says", () => {
    const { aws_scheduler_schedule: schedules } = synthesized({ services: { github: { rotateEvery: "30 minutes" } } });
    expect(schedules?.github).to.include({ schedule_expression: "rate(30 minutes)" });
  });

  it("has for each service two retries, a queue of what failed, and an alarm when one is in it", () => {
    for (const key of keys) {
      expect(resources.aws_lambda_function_event_invoke_config?.[key]).to.deep.include({
        maximum_retry_attempts: 2,
        destination_config: { on_failure: { destination: `\${aws_sqs_queue.${key}-failed.arn}` } },
      });
      expect(resources.aws_cloudwatch_metric_alarm).to.have.property(`${key}-failed`);
    }
  });

  it("tells functions the rules: who may do what, and how long a second person has", () => {
    const { aws_lambda_function: functions } = synthesized({ confirmationMinutes: 2, groups: { rotate: "keepers" } });
    expect(functions?.github)
      .to.have.nested.property("environment.variables.CHAT_OPS_RULES")
      .which.includes('"confirmationSeconds":120')
      .and.includes('"rotate":"keepers"')
      .and.includes('"delete":"ops-admin"');
  });

  it("encrypts with a key of each secret's own where that is wanted, used by way of Secrets Manager alone", () => {
    const own = synthesized({ ownKmsKey: true });
    expect(own.aws_secretsmanager_secret?.github).to.include({ kms_key_id: "${aws_kms_key.github.arn}" });
    expect(rightsOf(own, "github")).to.include.members([
      "kms:Decrypt ${aws_kms_key.github.arn}",
      "kms:GenerateDataKey ${aws_kms_key.github.arn}",
    ]);
    expect(String(own.aws_iam_role_policy?.github?.policy)).to.include("secretsmanager.eu-west-2.amazonaws.com");
    expect(resources).not.to.have.property("aws_kms_key");
  });

  it("names AWS's own key if a secret has no other, so that a secret stops using a key before its deletion", () => {
    expect(resources.aws_secretsmanager_secret?.github).to.include({ kms_key_id: "alias/aws/secretsmanager" });
  });
});
