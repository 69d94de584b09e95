import { expect } from "chai";
import { losesData } from "../../review/review.ts";
import { riskPhrase } from "../../review/sentences.ts";
import { textOf } from "../support/phrases.ts";
import { aReview, type Planned } from "../support/plans.ts";

function told(address: string, change: Planned) {
  const review = aReview({ [address]: change });
  return { risks: review.risks.map(riskPhrase).map(textOf), isGuarded: losesData(review) };
}

const table = (own: object) => ({ name: "chat-dev-table", ...own });
const group = (days: number) => ({ name: "/aws/lambda/chat-dev-join", retention_in_days: days });

describe("review/risks", () => {
  for (const [address, holds, what] of [
    ["aws_dynamodb_table.table", { name: "a" }, "Table `a`"],
    ["aws_cloudwatch_log_group.join", { name: "a" }, "Log group `a`"],
    ["aws_secretsmanager_secret.token", { name: "a" }, "Secret `a`"],
    ["aws_s3_bucket.state", { bucket: "a" }, "Bucket `a`"],
    ["aws_cognito_user_pool.users", { name: "a" }, "User pool `a`"],
    ["aws_sqs_queue.failed", { name: "a" }, "Queue `a`"],
  ] as const) {
    it(`warns of the end of ${address}`, () => {
      const { risks, isGuarded } = told(address, { before: holds, after: null });
      expect(risks).to.have.length(1);
      expect(risks[0])
        .to.match(/will be lost\.\*$/)
        .and.include(`*${what} (\`${address}\`) is destroyed`);
      expect(isGuarded).to.equal(true);
    });
  }

  it("says for which attribute something is made anew", () => {
    const replaced = {
      before: table({}),
      after: table({}),
      actions: ["delete", "create"],
      replace_paths: [["range_key"]],
    };
    expect(told("aws_dynamodb_table.table", replaced).risks).to.deep.equal([
      "*Table `chat-dev-table` (`aws_dynamodb_table.table`) is replaced: all its items will be lost, because `range_key` cannot be changed in place.*",
    ]);
  });

  it("warns of what is kept for less long", () => {
    const address = "aws_cloudwatch_log_group.join";
    expect(told(address, { before: group(14), after: group(7) })).to.deep.equal({
      risks: [
        "*Log group `/aws/lambda/chat-dev-join` (`aws_cloudwatch_log_group.join`) is changed: what is older than 7 days will be lost.*",
      ],
      isGuarded: true,
    });
    expect(told(address, { before: group(0), after: group(7) }).isGuarded).to.equal(true);
    expect(told(address, { before: group(7), after: group(0) }).risks).to.deep.equal([]);
  });

  it("warns of protection that ends, and does not guard", () => {
    const before = table({ deletion_protection_enabled: true, point_in_time_recovery: [{ enabled: true }] });
    const after = table({ deletion_protection_enabled: false, point_in_time_recovery: [{ enabled: false }] });
    expect(told("aws_dynamodb_table.table", { before, after })).to.deep.equal({
      risks: [
        "Table `chat-dev-table` (`aws_dynamodb_table.table`) loses its deletion protection.",
        "Table `chat-dev-table` (`aws_dynamodb_table.table`) loses its point-in-time recovery.",
      ],
      isGuarded: false,
    });
  });

  it("warns of nothing where Terraform lets go of what stays", () => {
    const kept = { before: { ...group(14), skip_destroy: true }, after: null };
    expect(told("aws_cloudwatch_log_group.join", kept).risks).to.deep.equal([]);
    const forgotten = { before: table({}), after: null, actions: ["forget"] };
    expect(told("aws_dynamodb_table.table", forgotten).risks).to.deep.equal([]);
  });
});
