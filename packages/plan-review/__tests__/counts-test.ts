import { expect } from "chai";
import { countPhrase } from "../src/change-phrases.ts";
import { summaryOf } from "../src/sections.ts";
import { textOf } from "./support/phrases.ts";
import { aReview } from "./support/plans.ts";

describe("counts", () => {
  it("counts resources of all types, imports and moves", () => {
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

  it("counts an import with changes as an import and an update", () => {
    const review = aReview({
      "aws_sqs_queue.a": { before: {}, after: {}, actions: ["update"], importing: { id: "a" } },
      "aws_sqs_queue.b": { before: {}, importing: { id: "b" } },
    });
    expect(textOf(summaryOf(review))).to.equal("*2 to import, 0 to add, 1 to change, 0 to destroy.*");
    expect(review.counts.map(countPhrase).map(textOf)).to.deep.equal([
      "`import and update`: 1 `aws_sqs_queue`",
      "`import`: 1 `aws_sqs_queue`",
    ]);
  });

  it("counts what Terraform forgets, and a replacement that forgets as one to add", () => {
    const review = aReview({
      "aws_sqs_queue.a": { before: {}, after: {}, actions: ["create", "forget"] },
      "aws_iam_role.b": { before: {}, after: null, actions: ["forget"] },
    });
    expect(textOf(summaryOf(review))).to.equal("*1 to add, 0 to change, 0 to destroy, 2 to forget.*");
    expect(review.counts.map(countPhrase).map(textOf)).to.deep.equal([
      "`replace and forget`: 1 `aws_sqs_queue`",
      "`forget`: 1 `aws_iam_role`",
    ]);
  });

  it("does not report an empty plan if an output changes or an action is unknown", () => {
    const output = { actions: ["update"], before: "a", after: "b" };
    const summaries = [
      aReview({}, { output_changes: { url: output } }),
      aReview({ "aws_sqs_queue.a": { before: {}, actions: ["archive"] } }),
    ].map(summaryOf);
    expect(summaries.map(textOf)).to.deep.equal(Array(2).fill("*0 to add, 0 to change, 0 to destroy.*"));
    expect(textOf(summaryOf(aReview({})))).to.equal("*Nothing changes.*");
  });

  it("counts a replacement as one to add and one to destroy, like Terraform", () => {
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
