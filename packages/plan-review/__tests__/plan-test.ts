import { expect } from "chai";
import { actionOf, isForgotten, isLoss, readPlan } from "../src/plan.ts";
import { readPlanOf } from "./support/plans.ts";

describe("plan", () => {
  it("reads a plan without any sections", () => {
    const { resource_changes, checks, complete, unknown_sections } = readPlanOf({});
    expect({ resource_changes, checks, complete, unknown_sections }).to.deep.equal({
      resource_changes: [],
      checks: [],
      complete: true,
      unknown_sections: [],
    });
  });

  it("reads any minor version of format 1, and refuses every other major version", () => {
    expect(readPlanOf({ format_version: "1.9" }).resource_changes).to.deep.equal([]);
    for (const format_version of ["0.2", "2.0", "10.0", "1", 1.2, null]) {
      expect(() => readPlanOf({ format_version }), `${format_version}`).to.throw(
        `The plan has the format version ${JSON.stringify(format_version)}. This review reads versions 1.x`,
      );
    }
    expect(() => readPlan("{}")).to.throw("The plan has the format version undefined");
  });

  it("refuses a plan that Terraform could not complete", () => {
    expect(() => readPlanOf({ errored: true })).to.throw("Fix the errors that `terraform plan` reports");
  });

  it("reports unknown sections, unless they are empty", () => {
    const own = { query_results: [{}], ephemeral_changes: [], renames: {}, flagged: false, planned_values: { a: 1 } };
    expect(readPlanOf(own).unknown_sections).to.deep.equal(["query_results"]);
  });

  for (const [actions, action] of [
    [["create"], "create"],
    [["delete", "create"], "replace"],
    [["create", "delete"], "replace"],
    [["create", "forget"], "replace and forget"],
    [["forget", "create"], "replace and forget"],
    [["forget"], "forget"],
    [["archive"], "unknown"],
    [["update", "delete"], "unknown"],
    [[], "unknown"],
  ] as const) {
    it(`calls ${actions.join(" and ") || "no action"} "${action}"`, () => {
      expect(actionOf({ actions, before: null, after: null })).to.equal(action);
    });
  }

  it("treats every combination with delete as a loss, and with forget as a resource that stays", () => {
    const change = (...actions: string[]) => ({ actions, before: {}, after: null });
    expect([change("update", "delete"), change("forget")].map(isLoss)).to.deep.equal([true, false]);
    expect([change("archive", "forget"), change("delete")].map(isForgotten)).to.deep.equal([true, false]);
  });
});
