import { expect } from "chai";
import fc from "fast-check";
import { sectionsOf } from "../../src/sections.ts";
import { textOf } from "../support/phrases.ts";
import { aReview, type Planned } from "../support/plans.ts";

const ARN = "arn:aws:iam::aws:policy/";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });
const action = fc.constantFrom("dynamodb:Scan", "dynamodb:*", "*", "iam:PassRole", "sqs:SendMessage");
const condition = fc.option(fc.constant({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["A#*"] } }), {
  nil: undefined,
});
const principal = fc.constantFrom(
  undefined,
  "*",
  { AWS: "arn:aws:iam::999999999999:root" },
  { Service: "a.amazonaws.com" },
);

const statement = fc.record({
  Effect: fc.constant("Allow"),
  Action: fc.oneof(action, fc.array(action, { minLength: 1, maxLength: 3 })),
  Resource: fc.constantFrom("*", "arn:aws:dynamodb:eu-west-2:123456789012:table/t"),
  Condition: condition,
  Principal: principal,
});
const policy = fc.oneof(
  fc.array(statement, { minLength: 1, maxLength: 3 }).map((Statement) => JSON.stringify({ Statement })),
  fc.constantFrom('{"Statement": ', '{"Statement": [{}]}', "none"),
);
const policyArn = name.map((one) => ARN + one);

/** Resources that grant access, by type. Terraform may know a value only after apply, or hide it. */
const grants: readonly [type: string, attributes: fc.Arbitrary<Readonly<Record<string, unknown>>>][] = [
  ["aws_iam_role_policy", fc.record({ role: name, policy })],
  ["aws_iam_user_policy", fc.record({ user: name, policy })],
  ["aws_iam_group_policy", fc.record({ group: name, policy })],
  ["aws_iam_policy", fc.record({ name, policy })],
  ["aws_iam_role_policy_attachment", fc.record({ role: name, policy_arn: policyArn })],
  ["aws_iam_user_policy_attachment", fc.record({ user: name, policy_arn: policyArn })],
  ["aws_iam_policy_attachment", fc.record({ users: names, policy_arn: policyArn })],
  ["aws_iam_role_policy_attachments_exclusive", fc.record({ role_name: name, policy_arns: fc.tuple(policyArn) })],
  ["aws_iam_user_group_membership", fc.record({ user: name, groups: names })],
  [
    "aws_lambda_function_url",
    fc.record({ function_name: name, authorization_type: fc.constantFrom("NONE", "AWS_IAM") }),
  ],
  [
    "aws_lambda_permission",
    fc.record({ function_name: name, action: fc.constant("lambda:*"), principal: fc.constantFrom("*", "1") }),
  ],
  ["aws_cloudwatch_log_resource_policy", fc.record({ policy_name: name, policy_document: policy })],
  ["aws_cloudwatch_log_subscription_filter", fc.record({ log_group_name: name, destination_arn: policyArn })],
  ["aws_sqs_queue_policy", fc.record({ queue_url: name, policy })],
  ["aws_sqs_queue", fc.record({ name, policy })],
  ["aws_s3_bucket", fc.record({ bucket: name, acl: fc.constant("public-read") })],
  [
    "aws_scheduler_schedule",
    fc.record({ name, target: name.map((one) => [{ role_arn: `arn:aws:iam::123456789012:role/${one}` }]) }),
  ],
  ["aws_ram_principal_association", fc.record({ principal: name })],
  ["aws_security_group", fc.record({ name })],
  ["aws_of_tomorrow", fc.record({ name })],
  ["kubernetes_role_binding", fc.record({ name })],
];

const change = fc.constantFrom(...grants).chain(([type, attributes]) =>
  fc.record({
    type: fc.constant(type),
    after: attributes,
    hidden: fc.option(fc.tuple(fc.constantFrom("after_sensitive", "after_unknown"), fc.nat()), {
      nil: undefined,
      freq: 4,
    }),
  }),
);

/**
 * Creates the resource, optionally with one hidden attribute. Attributes are written as references to
 * variables, and blocks as they are: Terraform always shows what is written in a block.
 */
function planned({
  after,
  hidden,
}: {
  after: Readonly<Record<string, unknown>>;
  hidden: [string, number] | undefined;
}): Planned {
  const attributes = Object.keys(after);
  const written = Object.fromEntries(
    attributes.map((attribute) => [
      attribute,
      Array.isArray(after[attribute]) ? after[attribute] : { references: ["var.a"] },
    ]),
  );
  if (!hidden) return { before: null, after, written };
  const [kind, index] = hidden;
  const attribute = attributes[index % attributes.length] as string;
  const { [attribute]: _, ...known } = after;
  return { before: null, after: kind === "after_unknown" ? known : after, [kind]: { [attribute]: true }, written };
}

describe("a review of new access", () => {
  it("never claims that no permission is gained without listing what it did not compare", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const resources = Object.fromEntries(changes.map((one, index) => [`${one.type}.x${index}`, planned(one)]));
        const sections = new Map(
          sectionsOf(aReview(resources)).map(({ title, sentences }) => [title, sentences.map(textOf)]),
        );
        const gained = sections.get("Permissions gained") ?? [];
        expect(gained).to.have.length.above(0).and.not.include("None.");
        if (/^None/.test(gained.join())) expect(sections.get("Permissions not compared")).to.have.length.above(0);
      }),
      { numRuns: 1000, seed: 15 },
    );
  });

  it("has a different sentence for each kind of change", () => {
    fc.assert(
      fc.property(change, (one) => {
        const sections = sectionsOf(aReview({ [`${one.type}.x`]: planned(one) }));
        const reported = sections.filter(({ title }) => /^Permissions (gained|not compared)$/.test(title));
        const sentences = reported
          .flatMap(({ sentences }) => sentences.map(textOf))
          .filter((text) => !/^None/.test(text));
        expect(sentences.length, JSON.stringify(one)).to.be.above(0);
      }),
      { numRuns: 1000, seed: 15 },
    );
  });
});
