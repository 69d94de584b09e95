import { expect } from "chai";
import { actionOf, readPlan } from "../../review/plan.ts";
import { readPlanOf } from "../support/plans.ts";

describe("review/plan", () => {
  it("reads a plan that has nothing in it", () => {
    expect(readPlanOf({}).resource_changes).to.deep.equal([]);
  });

  it("refuses what is no plan, and a format of later days, by its version", () => {
    expect(() => readPlan("{}")).to.throw('The plan\'s format is "undefined"; it must be 1.x');
    expect(() => readPlanOf({ format_version: "2.0" })).to.throw('The plan\'s format is "2.0"');
  });

  it("refuses a plan that Terraform did not finish", () => {
    expect(() => readPlanOf({ errored: true })).to.throw("did not finish");
  });

  for (const [actions, action] of [
    [["create"], "create"],
    [["delete", "create"], "replace"],
    [["create", "delete"], "replace"],
    [["create", "forget"], "create, forget"],
    [["forget"], "forget"],
  ] as const) {
    it(`calls ${actions.join(" and ")} "${action}"`, () => {
      expect(actionOf({ actions, before: null, after: null })).to.equal(action);
    });
  }
});
