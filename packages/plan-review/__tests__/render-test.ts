import { expect } from "chai";
import { type Node, Parser } from "commonmark";
import fc from "fast-check";
import { plain } from "../src/phrase.ts";
import { COMMENT_CHARACTERS_MAX, markdownOf, terminalTextOf } from "../src/render.ts";
import { aReview } from "./support/plans.ts";

/** The node types and code values that a Markdown parser finds. */
function found(markdown: string) {
  const nodes: Node[] = [];
  const walker = new Parser().parse(markdown).walker();
  for (let step = walker.next(); step; step = walker.next()) if (step.entering) nodes.push(step.node);
  return {
    kinds: new Set(nodes.map(({ type }) => type)),
    values: nodes.filter(({ type }) => type === "code").map(({ literal }) => literal),
  };
}

const withValue = (value: string): string => markdownOf(aReview({ "aws_lambda_function.a": changeTo(value) }));
const changeTo = (value: string) => ({ before: { runtime: "x" }, after: { runtime: value } });

/** Excludes words of the review, JSON, which is compared value by value, and blank strings, which count as empty. */
const isValue = (text: string): boolean => text !== "x" && !/^\s*([[{]|$)/.test(text);

const hostile = fc
  .oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.stringMatching(/^[`|@<>!*_#\\&\n a-z-]{1,30}$/))
  .filter(isValue);

describe("markdown", () => {
  it("shows values unchanged in code spans that they cannot end", () => {
    const usual = found(withValue("y")).kinds;
    fc.assert(
      fc.property(hostile, (value) => {
        const { kinds, values } = found(withValue(value));
        expect(kinds).to.deep.equal(usual);
        expect(values).to.include(plain(value));
      }),
    );
  });

  it("starts with the marker that identifies the comment", () => {
    expect(withValue("y")).to.match(/^<!-- plan of chat-dev -->\n/);
  });

  it("fits into a comment, and reports the number of omitted lines", () => {
    const many = Object.fromEntries(
      [...Array(300).keys()].map((index) => [`aws_lambda_function.f${index}`, changeTo(`${index}`.repeat(200))]),
    );
    const markdown = markdownOf(aReview(many));
    expect(markdown).to.have.length.within(COMMENT_CHARACTERS_MAX - 1000, COMMENT_CHARACTERS_MAX);
    expect(markdown).to.match(/\n\*\*\d+ more lines do not fit into a comment\.\*\*\n$/);
  });
});

const textOf = (runtime: string): string => {
  const change = { before: { runtime: "x" }, after: { runtime } };
  return terminalTextOf(aReview({ "aws_lambda_function.a": change }), (text) => `<b>${text}</b>`);
};

describe("terminal", () => {
  it("starts with the summary, and shows emphasis", () => {
    expect(textOf("y")).to.match(/^Plan of chat-dev: <b>0 to add, 1 to change, 0 to destroy\.<\/b>\n/);
  });

  it("quotes values that look like words of the review", () => {
    expect(textOf("a b")).to.include('x → "a b".');
  });

  it("escapes control characters and bidirectional formatting in values", () => {
    expect(textOf("a\u001b[2Jb\u202ec")).to.include("a\\u{1b}[2Jb\\u{202e}c.");
  });
});
