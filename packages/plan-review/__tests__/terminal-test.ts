import { expect } from "chai";
import { terminalTextOf } from "../src/render.ts";
import { aReview } from "./support/plans.ts";

const reported = (runtime: string): string => {
  const change = { before: { runtime: "x" }, after: { runtime } };
  return terminalTextOf(aReview({ "aws_lambda_function.a": change }), (text) => `<b>${text}</b>`);
};

describe("terminal", () => {
  it("starts with the summary, and shows emphasis", () => {
    expect(reported("y")).to.match(/^Plan of chat-dev: <b>0 to add, 1 to change, 0 to destroy\.<\/b>\n/);
  });

  it("quotes values that look like words of the review", () => {
    expect(reported("a b")).to.include('x → "a b".');
  });

  it("escapes control characters and bidirectional formatting in values", () => {
    expect(reported("a\u001b[2Jb\u202ec")).to.include("a\\u{1b}[2Jb\\u{202e}c.");
  });
});
