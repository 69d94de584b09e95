import { expect } from "chai";
import { summaryOf } from "../../review/sections.ts";
import { countPhrase } from "../../review/sentences.ts";
import { textOf } from "../support/phrases.ts";
import { aReview } from "../support/plans.ts";

describe("review/counts", () => {
  it("counts every type, known or not, and what is brought in or moved", () => {
    const { counts } = aReview({
      "aws_new_thing.a": { before: null, after: {} },
      "aws_new_thing.b": { before: null, after: {} },
      "aws_old_thing.c": { before: {}, importing: { id: "c" } },
    });
    expect(counts.map(countPhrase).map(textOf)).to.deep.equal([
      "`create`: 2 `aws_new_thing`",
      "`import`: 1 `aws_old_thing`",
    ]);
  });

  it("adds up as Terraform does: what is made anew is one to add and one to destroy", () => {
    const summary = summaryOf(
      aReview({
        "aws_iam_role.a": { before: {}, after: {}, actions: ["create", "delete"] },
        "aws_iam_role.b": { before: {}, after: null },
        "aws_iam_role.c": { before: {}, after: {} },
      }),
    );
    expect(textOf(summary)).to.equal("*1 to add, 1 to change, 2 to destroy.*");
  });
});
