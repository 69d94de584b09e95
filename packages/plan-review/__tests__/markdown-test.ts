import { expect } from "chai";
import { type Node, Parser } from "commonmark";
import fc from "fast-check";
import { COMMENT_CHARACTERS_MAX, markdownOf } from "../src/markdown.ts";
import { plain } from "../src/phrase.ts";
import { aReview } from "./support/plans.ts";

/** The kinds of node, and the values in code, that a reader of Markdown finds. */
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

/** Neither what is said of it anyway, nor JSON, which is looked into, nor spaces alone, which are no value. */
const isValue = (text: string): boolean => text !== "x" && !/^\s*([[{]|$)/.test(text);

const hostile = fc
  .oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.stringMatching(/^[`|@<>!*_#\\&\n a-z-]{1,30}$/))
  .filter(isValue);

describe("markdown", () => {
  it("shows any value as it is, in code, and lets none be more than a value", () => {
    const usual = found(withValue("y")).kinds;
    fc.assert(
      fc.property(hostile, (value) => {
        const { kinds, values } = found(withValue(value));
        expect(kinds).to.deep.equal(usual);
        expect(values).to.include(plain(value));
      }),
    );
  });

  it("begins with the mark by which it is found again", () => {
    expect(withValue("y")).to.match(/^<!-- plan of chat-dev -->\n/);
  });

  it("fits into a comment, and says how much is left out at its end", () => {
    const many = Object.fromEntries(
      [...Array(300).keys()].map((index) => [`aws_lambda_function.f${index}`, changeTo(`${index}`.repeat(200))]),
    );
    const markdown = markdownOf(aReview(many));
    expect(markdown).to.have.length.within(COMMENT_CHARACTERS_MAX - 1000, COMMENT_CHARACTERS_MAX);
    expect(markdown).to.match(/\n\*\*\d+ more lines do not fit into a comment\.\*\*\n$/);
  });
});
