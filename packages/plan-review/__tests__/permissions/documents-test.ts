import { expect } from "chai";
import { gainedPhrases, hiddenPhrases, lostPhrases } from "../../src/permissions/permission-phrases.ts";
import { textOf } from "../support/phrases.ts";
import { aReview, type Planned } from "../support/plans.ts";

const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string, rest: object = { Resource: "*" }) => ({ Effect: "Allow", Action, ...rest });
const created = (after: object): Planned => ({ before: null, after: { ...after } });

function reported(resources: Readonly<Record<string, Planned>>) {
  const { permissions, call } = aReview(resources);
  return {
    gained: gainedPhrases(permissions, call).map(textOf),
    lost: lostPhrases(permissions, call).map(textOf),
    hidden: hiddenPhrases(permissions).map(textOf),
  };
}

const gainedBy = (address: string, after: object) => reported({ [address]: created(after) });

describe("permissions/documents", () => {
  for (const [address, after, who] of [
    ["aws_iam_user_policy.x", { user: "ci-bot" }, "User `ci-bot` may now "],
    ["aws_iam_group_policy.x", { group: "operators" }, "Group `operators` may now "],
    ["aws_iam_role_policy.x", { role: "elsewhere" }, "Role `elsewhere` may now "],
    ["aws_iam_role_policy.x", {}, "`aws_iam_role_policy.x` may now "],
    ["aws_iam_policy.x", { name: "read" }, "Policy `read` now allows "],
  ] as const) {
    it(`attributes the policy ${address} ${JSON.stringify(after)} to its resource`, () => {
      expect(gainedBy(address, { ...after, policy: policy(allow("dynamodb:GetItem")) })).to.deep.equal({
        gained: [`${who}\`dynamodb:GetItem\` on *any resource*.`],
        lost: [],
        hidden: [],
      });
    });
  }

  it("reports permissions that a policy no longer grants, and its denials", () => {
    const deny = { Effect: "Deny", Action: "sqs:*", Resource: "*" };
    const change = { name: "read", policy: policy(allow("s3:GetObject"), allow("s3:PutObject")) };
    const { lost } = reported({
      "aws_iam_policy.x": { before: change, after: { name: "read", policy: policy(allow("s3:GetObject"), deny) } },
    });
    expect(lost).to.deep.equal([
      "Policy `read` no longer allows `s3:PutObject` on *any resource*.",
      "Policy `read` now denies *`sqs:*`* on *any resource*.",
    ]);
  });

  for (const [principal, who] of [
    ["*", "*Anybody*"],
    [{ AWS: "*" }, "*Anybody*"],
    [{ Service: "es.amazonaws.com" }, "Service `es.amazonaws.com`"],
    [{ AWS: "arn:aws:iam::999999999999:root" }, "`arn:aws:iam::999999999999:root`"],
  ] as const) {
    it(`reads a log resource policy for ${JSON.stringify(principal)}`, () => {
      const statement = allow("logs:PutLogEvents", { Principal: principal, Resource: "*" });
      const after = { policy_name: "search", policy_document: policy(statement) };
      expect(gainedBy("aws_cloudwatch_log_resource_policy.x", after)).to.deep.equal({
        gained: [`${who} may now \`logs:PutLogEvents\` on *any resource*.`],
        lost: [],
        hidden: [],
      });
    });
  }

  for (const [address, attribute] of [
    ["aws_sqs_queue_policy.x", "policy"],
    ["aws_s3_bucket_policy.x", "policy"],
    ["aws_ecr_repository_policy.x", "policy"],
    ["aws_secretsmanager_secret_policy.x", "policy"],
    ["aws_opensearch_domain_policy.x", "access_policies"],
    ["aws_dynamodb_resource_policy.x", "policy"],
  ] as const) {
    it(`reads ${address} as a policy of one resource, on which \`*\` is that resource`, () => {
      const document = policy(allow("*", { Principal: { AWS: "arn:aws:iam::999999999999:root" }, Resource: "*" }));
      expect(gainedBy(address, { [attribute]: document })).to.deep.equal({
        gained: [`\`arn:aws:iam::999999999999:root\` may now *\`*\`* on \`${address}\`.`],
        lost: [],
        hidden: [],
      });
    });
  }

  for (const [address, after] of [
    ["aws_vpc_endpoint_policy.x", { policy: policy(allow("*", { Principal: "*", Resource: "*" })) }],
    ["aws_organizations_policy.x", { content: policy(allow("*")) }],
    ["aws_iot_policy.x", { policy: policy(allow("iot:*")) }],
    ["aws_ssoadmin_permission_set_inline_policy.x", { inline_policy: policy(allow("*")) }],
  ] as const) {
    it(`does not report ${address} as a permission, and lists it as not compared`, () => {
      const { gained, hidden } = gainedBy(address, after);
      const [type] = address.split(".");
      expect(gained).to.deep.equal([]);
      expect(hidden).to.deep.equal([
        `\`${address}\` (create) is not compared: \`${type}\` can grant access, and this review has no rule for it. Read its change in \`terraform plan\`.`,
      ]);
    });
  }

  for (const document of [
    '{"Statement": ',
    '{"Statement": null}',
    '{"Statement": [null]}',
    '{"Statement": "Allow"}',
    '{"statement": [{"Effect": "Allow", "Action": "*"}]}',
    policy({ Effect: "Allow", Resource: "*" }),
    policy({ effect: "Allow", Action: "*", Resource: "*" }),
    "allow everything",
  ]) {
    it(`reports ${document} as unreadable`, () => {
      expect(gainedBy("aws_iam_user_policy.x", { user: "anna", policy: document }).hidden).to.deep.equal([
        "`policy` of `aws_iam_user_policy.x` cannot be compared: it is not readable.",
      ]);
    });
  }

  it("reads a policy with escaped keys, and conditions of null", () => {
    const document = '{"\\u0053tatement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":null}}';
    expect(gainedBy("aws_iam_user_policy.x", { user: "anna", policy: document }).gained).to.deep.equal([
      "User `anna` may now *`*`* on *any resource*.",
    ]);
  });

  it("reports a trust policy without a principal as unreadable", () => {
    const after = { name: "say", assume_role_policy: policy(allow("sts:AssumeRole", {})) };
    expect(gainedBy("aws_iam_role.x", after)).to.deep.equal({
      gained: [],
      lost: [],
      hidden: ["`assume_role_policy` of `aws_iam_role.x` cannot be compared: it is not readable."],
    });
  });
});
