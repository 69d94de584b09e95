import { expect } from "chai";
import { costPhrases } from "../src/change-phrases.ts";
import { textOf } from "./support/phrases.ts";
import { aReview, type Planned } from "./support/plans.ts";

const reported = (resources: Readonly<Record<string, Planned>>): string[] =>
  costPhrases(aReview(resources).cost).map(textOf);

describe("cost", () => {
  it("calculates the cost without use, before and after", () => {
    expect(
      reported({
        "aws_cloudwatch_dashboard.chat": { before: null, after: {} },
        "aws_cloudwatch_metric_alarm.failed": { before: { period: 60 } },
        "aws_secretsmanager_secret.token": { before: {}, after: null },
      }),
    ).to.deep.equal([
      "*$0.50 → $3.10 a month.*",
      "`aws_cloudwatch_dashboard`: $0.00 → $3.00.",
      "`aws_cloudwatch_metric_alarm`: $0.10 → $0.10.",
      "`aws_secretsmanager_secret`: $0.40 → $0.00.",
      "Without any use, at the prices of 2026-09-22 in us-east-1. Usage is charged in addition.",
    ]);
  });

  it("counts the metrics of an alarm, and the seconds of its period", () => {
    const metric = (id: string) => ({ id, metric: [{ metric_name: id }] });
    const queries = { metric_query: [{ id: "rate", metric: [] }, metric("errors"), metric("calls")] };
    expect(reported({ "aws_cloudwatch_metric_alarm.rate": { before: queries } })[0]).to.include("$0.20");
    expect(reported({ "aws_cloudwatch_metric_alarm.fast": { before: { period: 10 } } })[0]).to.include("$0.30");
  });

  it("lists the types without a price", () => {
    const resources = {
      "aws_nat_gateway.out": { before: {} },
      "aws_dynamodb_table.table": { before: { billing_mode: "PROVISIONED" } },
      "aws_iam_role.join": { before: {} },
    };
    expect(reported(resources)).to.include("Not in the price table: `aws_dynamodb_table` and `aws_nat_gateway`.");
  });
});
