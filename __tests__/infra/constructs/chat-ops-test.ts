import { Testing } from "cdktf";
import { expect } from "chai";
import { isUnsupported } from "../../../chatops/service.ts";
import { services } from "../../../chatops/services.ts";
import type { ChatOpsSettings } from "../../../infra/settings/chat-ops.ts";
import { ENABLED } from "../../support/environments.ts";
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

  it("deploys nothing for a service that is not enabled, or without chat-ops", () => {
    const one = JSON.stringify(synthesized({ services: { jenkins: {} } }));
    expect(one).to.include("jenkins");
    for (const key of keys.filter((each) => each !== "jenkins")) expect(one).not.to.match(new RegExp(`"${key}"`));
    const none = JSON.parse(Testing.synth(aChatStack(), true)).resource;
    expect(Object.keys(none).filter((type) => /secret|scheduler|kms/.test(type))).to.deep.equal([]);
  });

  it("gives each service a function, and a route with its name and a route response", () => {
    for (const key of keys) {
      expect(resources.aws_lambda_function?.[key]).to.include({ function_name: `${STACK}-${key}`, timeout: 25 });
      expect(resources.aws_apigatewayv2_route?.[key]).to.include({
        route_key: key,
        route_response_selection_expression: "$default",
      });
    }
  });

  it("creates secrets without a value, with names that are not a prefix of another", () => {
    expect(Object.keys(resources)).not.to.include("aws_secretsmanager_secret_version");
    for (const key of keys) expect(resources.aws_secretsmanager_secret?.[key]).to.include({ name: `${STACK}/${key}` });
  });

  it("keeps a deleted secret with deletionProtection, and otherwise frees its name", () => {
    expect(resources.aws_secretsmanager_secret?.github).to.include({ recovery_window_in_days: 0 });
    const stack = aChatStack({ environment: { ...ENABLED, deletionProtection: true } });
    const { resource } = JSON.parse(Testing.synth(stack, true));
    expect(resource.aws_secretsmanager_secret.github).to.include({ recovery_window_in_days: 30 });
  });

  it("lets a function use only its own secret, and only the items of its service", () => {
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

  it("gives each service with rotation a schedule, with a role that can invoke only its function", () => {
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

  it("lets only schedules of its group assume the role", () => {
    const { Statement } = JSON.parse(String(resources.aws_iam_role?.["github-schedule"]?.assume_role_policy));
    expect(Statement[0].Condition).to.deep.equal({
      StringEquals: { "aws:SourceArn": "${aws_scheduler_schedule_group.chat-ops.arn}" },
    });
  });

  it("rotates a service at the interval of its own setting", () => {
    const { aws_scheduler_schedule: schedules } = synthesized({ services: { github: { rotateEvery: "30 minutes" } } });
    expect(schedules?.github).to.include({ schedule_expression: "rate(30 minutes)" });
  });

  it("gives each service two retries, a queue of failed events, and an alarm for that queue", () => {
    for (const key of keys) {
      expect(resources.aws_lambda_function_event_invoke_config?.[key]).to.deep.include({
        maximum_retry_attempts: 2,
        destination_config: { on_failure: { destination: `\${aws_sqs_queue.${key}-failed.arn}` } },
      });
      expect(resources.aws_cloudwatch_metric_alarm).to.have.property(`${key}-failed`);
    }
  });

  it("gives functions the rules: the group of each action, and the time to confirm it", () => {
    const { aws_lambda_function: functions } = synthesized({ confirmationMinutes: 2, groups: { rotate: "keepers" } });
    expect(functions?.github)
      .to.have.nested.property("environment.variables.CHAT_OPS_RULES")
      .which.includes('"confirmationSeconds":120')
      .and.includes('"rotate":"keepers"')
      .and.includes('"delete":"ops-admin"');
  });

  it("encrypts each secret with its own key with ownKmsKey, used only through Secrets Manager", () => {
    const own = synthesized({ ownKmsKey: true });
    expect(own.aws_secretsmanager_secret?.github).to.include({ kms_key_id: "${aws_kms_key.github.arn}" });
    expect(rightsOf(own, "github")).to.include.members([
      "kms:Decrypt ${aws_kms_key.github.arn}",
      "kms:GenerateDataKey ${aws_kms_key.github.arn}",
    ]);
    expect(String(own.aws_iam_role_policy?.github?.policy)).to.include("secretsmanager.eu-west-2.amazonaws.com");
    expect(resources).not.to.have.property("aws_kms_key");
  });

  it("names the AWS managed key explicitly, so that a secret stops using its own key before its deletion", () => {
    expect(resources.aws_secretsmanager_secret?.github).to.include({ kms_key_id: "alias/aws/secretsmanager" });
  });
});
