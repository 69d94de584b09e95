import { expect } from "chai";
import { matchesGlob } from "../../src/iam/conditions.ts";

describe("iam/glob", () => {
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

  it("is fast for a pattern with many wildcards and a long text", () => {
    expect(matchesGlob(`${"*a".repeat(30)}*b`, "a".repeat(5_000))).to.equal(false);
  });
});
