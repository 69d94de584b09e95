import { expect } from "chai";
import { matchesGlob, matchesResource } from "../../src/iam/patterns.ts";

describe("iam/patterns", () => {
  for (const [pattern, text] of [
    ["", ""],
    ["*", ""],
    ["*", "a/b:c\nd"],
    ["a*", "a"],
    ["*b", "ab"],
    ["a*c*e", "abcde"],
    ["a**c", "abc"],
    ["a?c", "a/c"],
    ["?*", "a"],
    ["*aab", "aaaaab"],
    ["api/dev/*", "api/dev/POST/@connections/abc="],
    ["[a].(b)+$^|\\", "[a].(b)+$^|\\"],
  ] as const) {
    it(`"${pattern}" matches ${JSON.stringify(text)}`, () => {
      expect(matchesGlob(pattern, text)).to.equal(true);
    });
  }

  for (const [pattern, text] of [
    ["", "a"],
    ["a", ""],
    ["a", "A"],
    ["a*", "ba"],
    ["*b", "abc"],
    ["a?c", "ac"],
    ["?", ""],
    ["a.c", "abc"],
    ["[ab]", "a"],
    ["api/dev/*/*", "api/dev/$connect"],
  ] as const) {
    it(`"${pattern}" does not match ${JSON.stringify(text)}`, () => {
      expect(matchesGlob(pattern, text)).to.equal(false);
    });
  }

  const TABLE = "arn:aws:dynamodb:eu-west-2:000000000000:table/a:b";
  for (const [pattern, isMatch] of [
    ["*", true],
    [TABLE, true],
    ["arn:aws:dynamodb:*:table/a:b", true],
    ["arn:aws:dynamodb:eu-*-2:*:table/*", true],
    ["arn:aws:dynamodb:e*0:table/a:b", false],
    ["arn:aws:dynamodb:eu-west-2?000000000000:table/a:b", false],
    ["arn:aws:dynamodb:eu-west-?:000000000000:t*b", true],
    ["arn:aws:dynamodb:eu-west-2:000000000000:table/a?b", true],
  ] as const) {
    it(`the resource pattern ${pattern} ${isMatch ? "matches" : "does not match"} ${TABLE}`, () => {
      expect(matchesResource(pattern, TABLE)).to.equal(isMatch);
    });
  }

  it("is fast for a pattern with many wildcards and a long text", () => {
    expect(matchesGlob(`${"*a".repeat(30)}*b`, "a".repeat(5_000))).to.equal(false);
  });
});
