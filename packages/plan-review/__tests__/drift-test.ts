import { expect } from "chai";
import { driftPhrase } from "../src/change-phrases.ts";
import type { ResourceChange } from "../src/plan.ts";
import { textOf } from "./support/phrases.ts";
import { aReview } from "./support/plans.ts";

const reported = (change: Partial<ResourceChange["change"]>): string[] => {
  const role = { address: "aws_iam_role.a", mode: "managed", type: "aws_iam_role", name: "a" } as const;
  const drift = { ...role, change: { actions: ["update"], before: {}, after: {}, ...change } };
  const policies = { "aws_iam_role_policy.a": { before: { name: "own" } } };
  return aReview(policies, { resource_drift: [drift] })
    .drift.map(driftPhrase)
    .map(textOf);
};

describe("drift", () => {
  it("reports deleted resources", () => {
    expect(reported({ actions: ["delete"], after: null })).to.deep.equal(["`aws_iam_role.a` was deleted."]);
  });

  it("reports changed values, and hides sensitive ones", () => {
    const change = { before: { path: "/", token: "old" }, after: { path: "/x", token: "new" } };
    expect(reported({ ...change, after_sensitive: { token: true } })).to.deep.equal([
      "`aws_iam_role.a` was changed: `path` `/` → `/x`; `token` a sensitive value → a sensitive value.",
    ]);
  });

  it("ignores values that AWS fills in", () => {
    expect(reported({ before: { tags: null }, after: { tags: {} } })).to.deep.equal([]);
  });

  it("reports a role's policies, except those that Terraform manages", () => {
    const inline = (...names: string[]) => ({ inline_policy: names.map((name) => ({ name })) });
    expect(reported({ before: inline(), after: inline("own") })).to.deep.equal([]);
    expect(reported({ before: inline(), after: inline("own", "by-hand") })).to.deep.equal([
      "`aws_iam_role.a` was changed: `inline_policy.name` nothing → `by-hand`.",
    ]);
  });
});
