import { type PolicyKind, policyViolations } from "@serverless-chat/emulator/iam/policy-rules";
import type { Call, Problem } from "./call.ts";
import { page, select } from "./limits/limit.ts";

/** Where an operation has a policy document. */
interface Place {
  readonly of: string;
  readonly at: string;
  readonly kind: PolicyKind;
  /** The maximum number of characters, without white space for IAM. */
  readonly most: number;
  readonly rule: string;
  /** AWS's error code of an invalid document. */
  readonly code: string;
}

const IAM_QUOTAS = page("IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length");
const iam = { rule: IAM_QUOTAS, code: "MalformedPolicyDocument" };
const trust = { kind: "trust", most: 2048, ...iam } as const;
const kms = {
  at: "Policy",
  kind: "resource",
  most: 32_768,
  rule: page("kms/latest/developerguide/resource-limits.html"),
  code: "MalformedPolicyDocumentException",
} as const;
const sns = {
  kind: "resource",
  most: 30_720,
  rule: page("sns/latest/dg/sns-access-policy-language-key-concepts.html"),
  code: "InvalidParameter",
} as const;
const sqs = {
  at: "Attributes.Policy",
  kind: "resource",
  most: 8192,
  rule: page("AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html"),
  code: "InvalidAttributeValue",
} as const;

const PLACES: readonly Place[] = [
  { of: "iam.CreateRole", at: "AssumeRolePolicyDocument", ...trust },
  { of: "iam.UpdateAssumeRolePolicy", at: "PolicyDocument", ...trust },
  { of: "iam.PutRolePolicy", at: "PolicyDocument", kind: "identity", most: 10_240, ...iam },
  { of: "iam.CreatePolicy", at: "PolicyDocument", kind: "identity", most: 6144, ...iam },
  { of: "iam.CreatePolicyVersion", at: "PolicyDocument", kind: "identity", most: 6144, ...iam },
  { of: "kms.CreateKey", ...kms },
  { of: "kms.PutKeyPolicy", ...kms },
  { of: "sqs.CreateQueue", ...sqs },
  { of: "sqs.SetQueueAttributes", ...sqs },
  { of: "sns.CreateTopic", at: "Attributes.Policy", ...sns },
  { of: "sns.SetTopicAttributes", at: "AttributeValue", ...sns },
  {
    of: "secretsmanager.PutResourcePolicy",
    at: "ResourcePolicy",
    kind: "resource",
    most: 20_480,
    rule: page("secretsmanager/latest/userguide/reference_limits.html"),
    code: "MalformedPolicyDocumentException",
  },
  {
    of: "s3.PutBucketPolicy",
    at: "Policy",
    kind: "resource",
    most: 20_480,
    rule: page("AmazonS3/latest/userguide/example-bucket-policies.html"),
    code: "MalformedPolicy",
  },
  {
    of: "dynamodb.PutResourcePolicy",
    at: "Policy",
    kind: "resource",
    most: 20_480,
    rule: page("amazondynamodb/latest/developerguide/rbac-considerations.html"),
    code: "ValidationException",
  },
  {
    of: "logs.PutResourcePolicy",
    at: "policyDocument",
    kind: "resource",
    most: 5120,
    rule: page("AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html"),
    code: "InvalidParameterException",
  },
];

/** The id of the policy that SNS gives to every topic. The provider puts it back when it deletes ours. */
const DEFAULT_OF_TOPICS = "__default_policy_ID";

/** A policy document that a call carries. */
export interface PolicyDocument {
  readonly member: string;
  readonly text: string;
  readonly place: Place;
}

export function policiesOf({ service, operation, parameters }: Call): readonly PolicyDocument[] {
  const { AttributeName } = parameters;
  return PLACES.filter(({ of }) => of === `${service}.${operation}`)
    .filter(({ at }) => at !== "AttributeValue" || AttributeName === "Policy")
    .flatMap((place) =>
      select(parameters, place.at).map(({ path, value }) => ({ member: path, text: String(value), place })),
    )
    .filter(({ text }) => text !== "" && !text.includes(DEFAULT_OF_TOPICS));
}

/** IAM does not count white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const policyLength = (text: string): number => text.replaceAll(/\s/g, "").length;

export async function policyProblems({ member, text, place }: PolicyDocument): Promise<Problem[]> {
  const { kind, most, rule, code } = place;
  const length = place.of.startsWith("iam.") ? policyLength(text) : text.length;
  const tooLong = {
    member,
    problem: `has ${length} characters; AWS accepts at most ${most}`,
    rule,
    code: "LimitExceeded",
  };
  const violations = await policyViolations(text, kind);
  return [
    ...(length > most ? [tooLong] : []),
    ...violations.map(({ place: where, problem, rule: source }) => ({
      member: `${member} ${where}`,
      problem: `is rejected: ${problem}`,
      rule: source,
      code,
    })),
  ];
}
