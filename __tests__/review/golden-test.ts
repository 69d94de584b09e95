import { losesData } from "@serverless-chat/plan-review";
import { markdownOf } from "@serverless-chat/plan-review/markdown";
import { expect } from "chai";
import { goldenReview, recordedNames, recordedPlan, reviewOf } from "../support/recorded-plans.ts";

/** What a section of a comment says, line by line. */
const said = (name: string, section: string): string[] =>
  (new RegExp(`^### ${section}\n\n((?:- .*\n)+)`, "m").exec(goldenReview(name))?.[1] ?? "").trim().split("\n");

/* Terraform made these plans, in __tests__/terraform/plan-review-test.ts. */
describe("the review of a plan that Terraform made", () => {
  for (const name of recordedNames()) {
    it(`is as it was of ${name.replaceAll("-", " ")}`, () => {
      const markdown = markdownOf(reviewOf(recordedPlan(name)));
      expect(markdown).to.equal(goldenReview(name, markdown));
    });
  }

  it("answers which routes change", () => {
    expect(said("new-route", "Routes")).to.deep.equal(["- `wave` is added; it leads to function `chat-dev-wave`."]);
    expect(said("removed-route", "Routes")).to.deep.equal([
      "- `history` is removed; it led to function `chat-dev-history`.",
    ]);
    for (const name of ["no-change", "widened-permission", "table-replacement", "code-only", "throttle"]) {
      expect(said(name, "Routes"), name).to.deep.equal(["- No route changes."]);
    }
  });

  it("answers who may do more than before", () => {
    const onTable = "on table `chat-dev-table`, only items whose key is like `CONN#*`.";
    expect(said("widened-permission", "Permissions gained")).to.deep.equal([
      `- Function \`chat-dev-history\` may now \`dynamodb:DeleteItem\` ${onTable}`,
    ]);
    for (const name of ["no-change", "removed-route", "table-replacement", "code-only", "throttle", "destroy"]) {
      expect(said(name, "Permissions gained"), name).to.deep.equal(["- None."]);
    }
  });

  it("answers whether data is at risk, and guards where it is", () => {
    const atRisk = ["destroy", "removed-route", "shorter-retention", "table-replacement"];
    expect(recordedNames().filter((name) => losesData(reviewOf(recordedPlan(name))))).to.deep.equal(atRisk);
    expect(recordedNames().filter((name) => !said(name, "Data at risk").includes("- None."))).to.deep.equal(atRisk);
  });

  it("answers what it costs", () => {
    for (const name of recordedNames()) {
      expect(said(name, "Cost at rest")[0], name).to.match(/^- \*\*\$\d+\.\d\d( →.*)? a month/);
    }
  });

  it("answers by how much a function's code grows", () => {
    expect(said("code-only", "Code")).to.have.length(1);
    expect(said("code-only", "Code")[0]).to.match(/^- Function `chat-dev-history`: \d+ bytes → \d+ bytes \(\+[1-9]/);
  });

  it("has nothing sensitive, where the plan has", () => {
    expect(JSON.stringify(recordedPlan("sensitive-setting"))).to.include("correct-horse");
    expect(goldenReview("sensitive-setting")).to.include("→ a sensitive value").and.not.include("correct-horse");
  });

  it("names who else had his hands in it", () => {
    const drift = said("drift", "Changed outside of Terraform").join("\n");
    expect(drift).to.include("`retention_in_days` `14` → `3`").and.include("`by-hand`");
  });
});
