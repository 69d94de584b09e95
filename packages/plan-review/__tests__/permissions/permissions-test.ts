import { expect } from "chai";
import { gainedPhrases, hiddenPhrases, lostPhrases } from "../../src/permissions/permission-phrases.ts";
import { textOf } from "../support/phrases.ts";
import { aReview, type Planned } from "../support/plans.ts";

const TABLE = "arn:aws:dynamodb:eu-west-2:123456789012:table/chat-dev-table";
const ROLE = "arn:aws:iam::123456789012:role/chat-dev-history";

/** A function with its role, and the table that it uses. */
const PARTS = {
  "aws_dynamodb_table.table": { before: { arn: TABLE, name: "chat-dev-table" } },
  "aws_iam_role.history": { before: { arn: ROLE, name: "chat-dev-history" } },
  "aws_lambda_function.history": { before: { function_name: "chat-dev-history", role: ROLE } },
} as const;

const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown, Resource: unknown = TABLE, rest: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...rest,
});

/** The permissions gained and lost when a role's policy changes. */
function reported(before: string, after: string, rest: Planned = {}) {
  const role = "chat-dev-history";
  const change = { before: { role, policy: before }, after: { role, policy: after }, ...rest };
  return toldOf({ "aws_iam_role_policy.history": change });
}

function toldOf(resources: Readonly<Record<string, Planned>>) {
  const { permissions, call } = aReview({ ...PARTS, ...resources });
  return {
    gained: gainedPhrases(permissions, call).map(textOf),
    lost: lostPhrases(permissions, call).map(textOf),
    hidden: hiddenPhrases(permissions).map(textOf),
  };
}

const NOTHING = { gained: [], lost: [], hidden: [] };
const READ = policy(allow("dynamodb:GetItem"));
const WHO = "Function `chat-dev-history`";
const ON_TABLE = "on table `chat-dev-table`";

describe("permissions/permissions", () => {
  it("compares statements regardless of their order, grouping and ids", () => {
    const one = policy(allow(["dynamodb:GetItem", "dynamodb:Query"], [TABLE], { Sid: "Read" }));
    expect(reported(one, policy(allow("dynamodb:Query"), allow(["dynamodb:GetItem"])))).to.deep.equal(NOTHING);
  });

  it("reports functions, actions, resources and key conditions", () => {
    const keys = (...values: string[]) => ({
      Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": values } },
    });
    const before = policy(allow("dynamodb:Query", TABLE, keys("LOG#*")));
    const after = policy(allow("dynamodb:Query", TABLE, keys("LOG#*", "USER#*")));
    expect(reported(before, after)).to.deep.equal({
      gained: [`${WHO} may now \`dynamodb:Query\` ${ON_TABLE}, only items whose key matches \`LOG#*\` or \`USER#*\`.`],
      lost: [`${WHO} may no longer \`dynamodb:Query\` ${ON_TABLE}, only items whose key matches \`LOG#*\`.`],
      hidden: [],
    });
  });

  it("quotes other conditions unchanged", () => {
    const condition = { Condition: { Bool: { "aws:SecureTransport": true } } };
    expect(
      reported(READ, policy(allow("dynamodb:GetItem"), allow("dynamodb:Scan", TABLE, condition))).gained,
    ).to.deep.equal([
      `${WHO} may now \`dynamodb:Scan\` ${ON_TABLE}, only if \`aws:SecureTransport\` \`Bool\` \`true\`.`,
    ]);
  });

  it("emphasizes wildcards", () => {
    expect(reported(READ, policy(allow("dynamodb:GetItem"), allow("dynamodb:*", "*"))).gained).to.deep.equal([
      `${WHO} may now *\`dynamodb:*\`* on *any resource*.`,
    ]);
    const all = { Effect: "Allow", NotAction: "iam:PassRole", NotResource: TABLE };
    expect(reported(READ, policy(allow("dynamodb:GetItem"), all)).gained).to.deep.equal([
      `${WHO} may now *anything but \`iam:PassRole\`* on *anything but table \`chat-dev-table\`*.`,
    ]);
  });

  it("reports a removed denial as gained access", () => {
    const denied = policy(allow("dynamodb:GetItem"), { Effect: "Deny", Action: "dynamodb:Scan", Resource: TABLE });
    expect(reported(denied, READ).gained).to.deep.equal([`${WHO} is no longer denied \`dynamodb:Scan\` ${ON_TABLE}.`]);
    expect(reported(READ, denied).lost).to.deep.equal([`${WHO} is now denied \`dynamodb:Scan\` ${ON_TABLE}.`]);
  });

  it("reads a policy that is known after apply from the configuration", () => {
    const rest = {
      after: { role: "chat-dev-history" },
      after_unknown: { policy: true },
      written: { policy: policy(allow(["dynamodb:GetItem", "dynamodb:PutItem"], "${aws_dynamodb_table.table.arn}")) },
    };
    expect(reported(READ, "", rest)).to.deep.equal({
      ...NOTHING,
      gained: [`${WHO} may now \`dynamodb:PutItem\` ${ON_TABLE}.`],
    });
  });

  it("lists what cannot be compared, and reports none of it as gained or lost", () => {
    const written = { policy: { references: ["aws_dynamodb_table.table.arn"] } };
    const unknown = { after: { role: "chat-dev-history" }, after_unknown: { policy: true }, written };
    expect(reported(READ, "", unknown)).to.deep.equal({
      ...NOTHING,
      hidden: ["`policy` of `aws_iam_role_policy.history` cannot be compared: it is known after apply."],
    });
    expect(reported(READ, policy(), { after_sensitive: { policy: true } }).hidden).to.deep.equal([
      "`policy` of `aws_iam_role_policy.history` cannot be compared: it is a sensitive value.",
    ]);
    expect(reported(READ, '{"Statement": ').hidden[0]).to.match(/it is not readable\.$/);
  });

  it("ignores a generated policy that is known after apply", () => {
    const before = { name: "a", policy: policy(allow("sns:Publish")) };
    const replaced = { before, after: { name: "b" }, after_unknown: { policy: true }, actions: ["delete", "create"] };
    expect(toldOf({ "aws_sns_topic.alarms": replaced })).to.deep.equal(NOTHING);
  });

  it("reports permissions that change when a function gets another role", () => {
    const other = ROLE.replace("history", "other");
    const { gained } = toldOf({
      "aws_iam_role.other": { before: { arn: other, name: "chat-dev-other" } },
      "aws_iam_role_policy.other": { before: { role: "chat-dev-other", policy: READ } },
      "aws_lambda_function.history": {
        before: { function_name: "chat-dev-history", role: ROLE },
        after: { function_name: "chat-dev-history", role: other },
      },
    });
    expect(gained).to.deep.equal([`${WHO} may now \`dynamodb:GetItem\` ${ON_TABLE}.`]);
  });

  it("reports the permissions of a new or deleted function, and none for its unchanged role", () => {
    const policies = { "aws_iam_role_policy.history": { before: { role: "chat-dev-history", policy: READ } } };
    const { before } = PARTS["aws_lambda_function.history"];
    expect(toldOf({ ...policies, "aws_lambda_function.history": { before, after: null } })).to.deep.equal({
      ...NOTHING,
      lost: [`${WHO} may no longer \`dynamodb:GetItem\` ${ON_TABLE}.`],
    });
    expect(toldOf({ ...policies, "aws_lambda_function.history": { before: null, after: before } })).to.deep.equal({
      ...NOTHING,
      gained: [`${WHO} may now \`dynamodb:GetItem\` ${ON_TABLE}.`],
    });
  });

  it("reports the principals that can invoke a function or assume a role", () => {
    const invoke = { function_name: "chat-dev-history", action: "lambda:InvokeFunction", source_account: "1" };
    const trust = (principal: object) => policy({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });
    const role = (document: string) => ({ arn: ROLE, name: "chat-dev-history", assume_role_policy: document });
    const { gained, lost } = toldOf({
      "aws_lambda_permission.all": { after: { ...invoke, principal: "*" }, before: null },
      "aws_iam_role.history": {
        before: role(trust({ Service: "lambda.amazonaws.com" })),
        after: role(trust({ AWS: "arn:aws:iam::999999999999:root" })),
      },
    });
    expect(gained).to.deep.equal([
      `*Anybody* may now \`lambda:InvokeFunction\` on function \`chat-dev-history\`, only if \`aws:SourceAccount\` \`StringEquals\` \`1\`.`,
      "`arn:aws:iam::999999999999:root` may now `sts:AssumeRole` on role `chat-dev-history`.",
    ]);
    expect(lost).to.deep.equal([
      "Service `lambda.amazonaws.com` may no longer `sts:AssumeRole` on role `chat-dev-history`.",
    ]);
  });
});
