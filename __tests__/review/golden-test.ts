import { losesData } from "@serverless-chat/plan-review";
import { markdownOf } from "@serverless-chat/plan-review/render";
import { expect } from "chai";
import { goldenReview, recordedNames, recordedPlan, reviewOf } from "../support/recorded-plans.ts";

/** The lines of a section of a comment. */
const linesOf = (name: string, section: string): string[] =>
  (new RegExp(`^### ${section}\n\n((?:- .*\n)+)`, "m").exec(goldenReview(name))?.[1] ?? "").trim().split("\n");

/* Terraform made these plans, in __tests__/terraform/plan-review-test.ts. */
describe("the review of recorded plans", () => {
  for (const name of recordedNames()) {
    it(`matches the recorded review of ${name.replaceAll("-", " ")}`, () => {
      const markdown = markdownOf(reviewOf(recordedPlan(name)));
      expect(markdown).to.equal(goldenReview(name, markdown));
    });
  }

  it("lists changed routes", () => {
    expect(linesOf("new-route", "Routes")).to.deep.equal(["- `wave` is added; it leads to function `chat-dev-wave`."]);
    expect(linesOf("removed-route", "Routes")).to.deep.equal([
      "- `history` is removed; it led to function `chat-dev-history`.",
    ]);
    for (const name of ["no-change", "widened-permission", "table-replacement", "code-only", "throttle"]) {
      expect(linesOf(name, "Routes"), name).to.deep.equal(["- No route changes."]);
    }
  });

  it("lists gained permissions", () => {
    const onTable = "on table `chat-dev-table`, only items whose key matches `CONN#*`.";
    expect(linesOf("widened-permission", "Permissions gained")).to.deep.equal([
      `- Function \`chat-dev-history\` may now \`dynamodb:DeleteItem\` ${onTable}`,
    ]);
    for (const name of ["no-change", "removed-route", "table-replacement", "code-only", "throttle", "destroy"]) {
      expect(linesOf(name, "Permissions gained"), name).to.deep.equal(["- None."]);
    }
  });

  it("lists data at risk, and guards against its loss", () => {
    const atRisk = ["destroy", "removed-route", "shorter-retention", "table-replacement"];
    expect(recordedNames().filter((name) => losesData(reviewOf(recordedPlan(name))))).to.deep.equal(atRisk);
    expect(recordedNames().filter((name) => !linesOf(name, "Data at risk").includes("- None."))).to.deep.equal(atRisk);
  });

  it("reports the cost without use", () => {
    for (const name of recordedNames()) {
      expect(linesOf(name, "Cost at rest")[0], name).to.match(/^- \*\*\$\d+\.\d\d( →.*)? a month/);
    }
  });

  it("reports the size of changed code", () => {
    expect(linesOf("code-only", "Code")).to.have.length(1);
    expect(linesOf("code-only", "Code")[0]).to.match(/^- Function `chat-dev-history`: \d+ bytes → \d+ bytes \(\+[1-9]/);
  });

  it("contains no sensitive value of the plan", () => {
    expect(JSON.stringify(recordedPlan("sensitive-setting"))).to.include("correct-horse");
    expect(goldenReview("sensitive-setting")).to.include("→ a sensitive value").and.not.include("correct-horse");
  });

  it("reports changes made outside of Terraform", () => {
    const drift = linesOf("drift", "Changed outside of Terraform").join("\n");
    expect(drift).to.include("`retention_in_days` `14` → `3`").and.include("`by-hand`");
  });
});
