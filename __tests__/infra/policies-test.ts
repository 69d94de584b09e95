import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { Testing } from "cdktf";
import { expect } from "chai";
import { BootstrapStack } from "../../infra/bootstrap-stack.ts";
import { environments } from "../../infra/environments.ts";
import { ENABLED } from "../support/environments.ts";
import { type PolicedStack, policies } from "../support/stack-policies.ts";
import { aChatStack, EVERYTHING, environment, MODERATED, WATCHED, WEBSITE } from "../support/synthesized.ts";

const BUCKET = { name: "chat-state-123456789012", region: "eu-west-2" };

const bootstrap = () =>
  new BootstrapStack(Testing.app({ outdir: temporaryDirectory() }), {
    stateBucket: BUCKET,
    environments: ["eu-west-2", "us-east-1"].map((region) => ({ ...environment, region, accessLog: true })),
  });

/** The configured environments, and stacks with other settings. */
const STACKS = {
  ...Object.fromEntries(environments.map((environment) => [environment.name, () => aChatStack({ environment })])),
  "every setting": () => aChatStack({ environment: { ...EVERYTHING, remoteState: true }, stateBucket: BUCKET }),
  "a user pool": () => aChatStack({ environment: { authentication: { kind: "cognito", closeAtTokenExpiry: true } } }),
  "every service enabled, and moderators": () =>
    aChatStack({
      environment: { ...EVERYTHING, ...MODERATED, ...ENABLED, chatOps: { ...ENABLED.chatOps, ownKmsKey: true } },
    }),
  "a page": () => aChatStack({ environment: { ...WATCHED, ...WEBSITE } }),
  "a page with a user pool": () => aChatStack({ environment: { website: true, authentication: { kind: "cognito" } } }),
  publishing: () =>
    aChatStack({ environment: { publish: { channels: ["ops"], functionUrl: true, eventSource: "acme.ci" } } }),
  "IAM authentication": () => aChatStack({ environment: { authentication: { kind: "iam" } } }),
  bootstrap,
};

const role = { assume_role_policy: "" };
const allow = (Action: string, Resource: string): string =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });
const invoking = { policy: allow("lambda:InvokeFunction", "${aws_lambda_function.worker.arn}") };

/** For each policy, a stack that violates it, and the address of the violation. */
const VIOLATIONS: Readonly<Record<string, [place: string, resource: PolicedStack["resource"]]>> = {
  "every log group has a retention": ["aws_cloudwatch_log_group.a", { aws_cloudwatch_log_group: { a: {} } }],
  "every table is encrypted and has point-in-time recovery": [
    "aws_dynamodb_table.a",
    { aws_dynamodb_table: { a: { server_side_encryption: { enabled: true } } } },
  ],
  "every queue is encrypted": ["aws_sqs_queue.a", { aws_sqs_queue: { a: {} } }],
  "every role belongs to one function, one schedule, or API Gateway's logs": [
    "aws_iam_role.a",
    {
      aws_iam_role: { a: role },
      aws_lambda_function: { one: { role: "${aws_iam_role.a.arn}" }, two: { role: "${aws_iam_role.a.arn}" } },
    },
  ],
  "no statement allows all actions or all resources": [
    "aws_iam_role_policy.a",
    { aws_iam_role_policy: { a: { policy: allow("dynamodb:GetItem", "*") } } },
  ],
  "a resource that a setting removes is deleted after the references to it": [
    "aws_apigatewayv2_authorizer.a",
    { aws_apigatewayv2_authorizer: { a: {} }, aws_lambda_permission: { connect: {} } },
  ],
  "no role has a managed policy, except for API Gateway's logs": [
    "aws_iam_role_policy_attachment.a",
    { aws_iam_role_policy_attachment: { a: { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" } } },
  ],
  "Terraform sets no value of a secret": [
    "aws_secretsmanager_secret_version.a",
    { aws_secretsmanager_secret_version: { a: {} } },
  ],
  "every key is rotated by AWS": ["aws_kms_key.a", { aws_kms_key: { a: {} } }],
  "every permission to invoke names its source": ["aws_lambda_permission.a", { aws_lambda_permission: { a: {} } }],
  "every function that is invoked asynchronously has a destination for failures": [
    "aws_lambda_function.worker",
    { aws_iam_role_policy: { a: invoking }, aws_lambda_function: { worker: {} } },
  ],
  "every alarm has an action if there is a topic": [
    "aws_cloudwatch_metric_alarm.a",
    { aws_cloudwatch_metric_alarm: { a: {} }, aws_sns_topic: { topic: {} } },
  ],
  "all resources have the project's tag": ["provider.aws", {}],
  "every bucket is private, encrypted, versioned unless its objects come from the sources, and requires TLS": [
    "aws_s3_bucket.a",
    { aws_s3_bucket: { a: {} } },
  ],
  "every bucket that a service reads is read for one distribution only": [
    "aws_s3_bucket_policy.a",
    { aws_s3_bucket_policy: { a: { policy: allow("s3:GetObject", "${aws_s3_bucket.a.arn}/*") } } },
  ],
  "every distribution has security headers, requires HTTPS, and signs its requests to the bucket": [
    "aws_cloudfront_distribution.a",
    { aws_cloudfront_distribution: { a: { origin: [{}] } } },
  ],
};

describe("infra, with any settings", () => {
  const synthesized = new Map<string, PolicedStack>();
  before(() => {
    for (const [name, make] of Object.entries(STACKS)) synthesized.set(name, JSON.parse(Testing.synth(make(), true)));
  });

  for (const [title, policy] of Object.entries(policies)) {
    for (const name of Object.keys(STACKS)) {
      it(`${title}: ${name}`, () => {
        expect(policy(synthesized.get(name) as PolicedStack)).to.deep.equal([]);
      });
    }

    it(`${title}: finds a violation`, () => {
      const [place, resource] = VIOLATIONS[title] ?? [];
      expect(policy({ resource: resource ?? {} })).to.deep.equal([place]);
    });
  }

  it("treats all actions like all resources", () => {
    const wide = { aws_iam_role_policy: { a: { policy: allow("dynamodb:*", "${aws_dynamodb_table.table.arn}") } } };
    expect(policies["no statement allows all actions or all resources"]?.({ resource: wide })).to.have.length(1);
  });
});
