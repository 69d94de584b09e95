import { expect } from "chai";
import { type Context, holds, matchesGlob, readConditions } from "../../src/iam/conditions.ts";

const KEY = "dynamodb:LeadingKeys";
const REGION = "aws:RequestedRegion";

const isTrue = (condition: Readonly<Record<string, unknown>>, context: Context): boolean =>
  readConditions(condition).every((each) => holds(each, context));

/** Whether an operator holds for the region of a request, and the value in the policy. */
const compares = (operator: string, actual: string | undefined, expected: unknown): boolean =>
  isTrue({ [operator]: { [REGION]: expected } }, actual === undefined ? {} : { "aws:requestedregion": [actual] });

/** The same for the partition keys of a request. */
const touches = (operator: string, actual: readonly string[] | undefined, expected: unknown): boolean =>
  isTrue({ [operator]: { [KEY]: expected } }, actual ? { "dynamodb:leadingkeys": actual } : {});

const ARN = "arn:aws:dynamodb:eu-west-2:000000000000:table/items";

describe("iam/conditions", () => {
  for (const [operator, expected, actual, outcome] of [
    ["StringEquals", "a*", "a*", true],
    ["StringEquals", "a*", "ab", false],
    ["StringEquals", ["a", "b"], "b", true],
    ["StringEquals", "A", "a", false],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringNotEquals", ["a", "b"], "c", true],
    ["StringEqualsIgnoreCase", "A", "a", true],
    ["StringNotEqualsIgnoreCase", "A", "a", false],
    ["StringLike", "a*", "ab", true],
    ["StringLike", "a?", "a", false],
    ["StringNotLike", "a*", "ab", false],
    ["StringNotLike", "a*", "b", true],
    ["ArnLike", "arn:aws:dynamodb:*:*:table/*", ARN, true],
    ["ArnEquals", "arn:aws:dynamodb:eu-*:000000000000:table/items", ARN, true],
    ["ArnLike", "arn:*:table/items", ARN, false],
    ["ArnNotLike", "arn:*:table/items", ARN, true],
    ["ArnNotEquals", ARN, ARN, false],
    ["Bool", true, "true", true],
    ["Bool", "false", "true", false],
  ] as const) {
    it(`${operator} ${expected} is ${outcome} for ${actual}`, () => {
      expect(compares(operator, actual, expected)).to.equal(outcome);
    });
  }

  it("does not hold for a request without the key, unless it is negated or ends in IfExists", () => {
    const expected = "eu-west-2";
    const outcomes = ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists"].map(
      (operator) => compares(operator, undefined, expected),
    );
    expect(outcomes).to.deep.equal([false, true, true, true]);
  });

  it("compares the value with IfExists if the request has the key", () => {
    expect(compares("StringEqualsIfExists", "us-east-1", "eu-west-2")).to.equal(false);
  });

  it("holds with ForAllValues if every value matches, and for a request without the key", () => {
    const outcomes = [["CONN#1", "CONN#2"], ["CONN#1", "USER#1"], [], undefined].map((keys) =>
      touches("ForAllValues:StringLike", keys, ["CONN#*", "CHANNEL#*"]),
    );
    expect(outcomes).to.deep.equal([true, false, true, true]);
  });

  it("holds with ForAnyValue if one value matches, and not for a request without the key", () => {
    const outcomes = [["USER#1", "CONN#2"], ["USER#1"], [], undefined].map((keys) =>
      touches("ForAnyValue:StringLike", keys, "CONN#*"),
    );
    expect(outcomes).to.deep.equal([true, false, false, false]);
  });

  it("negates the comparison of each value if there is a set operator", () => {
    expect(touches("ForAllValues:StringNotLike", ["a", "CONN#1"], "CONN#*")).to.equal(false);
    expect(touches("ForAnyValue:StringNotLike", ["a", "CONN#1"], "CONN#*")).to.equal(true);
  });

  it("requires every operator and every key to match", () => {
    const condition = { StringEquals: { [REGION]: "eu-west-2", "aws:PrincipalAccount": "1" } };
    expect(isTrue(condition, { "aws:requestedregion": ["eu-west-2"], "aws:principalaccount": ["1"] })).to.equal(true);
    expect(isTrue(condition, { "aws:requestedregion": ["eu-west-2"], "aws:principalaccount": ["2"] })).to.equal(false);
  });

  it("ignores the case of keys", () => {
    expect(isTrue({ StringEquals: { "AWS:requestedREGION": "a" } }, { "aws:requestedregion": ["a"] })).to.equal(true);
  });

  const refused: Record<string, [Record<string, unknown>, string]> = {
    "an unsupported operator": [{ IpAddress: { [REGION]: "a" } }, 'condition operator "IpAddress". It supports String'],
    "an unknown operator without keys": [{ Nope: {} }, 'condition operator "Nope"'],
    "an operator with the name of an object property": [
      { toString: { [REGION]: "a" } },
      'condition operator "toString"',
    ],
    "an unknown set operator": [{ "ForSomeValues:StringLike": { [KEY]: "a" } }, 'operator "ForSomeValues:StringLike"'],
    "an unsupported key": [{ StringEquals: { "aws:MultiFactorAuthAge": "1" } }, 'key "aws:MultiFactorAuthAge". It'],
    "an operator with a string instead of keys": [
      { StringEquals: "a" },
      'The StringEquals of a Condition is "a". It must be',
    ],
    "an operator with null instead of keys": [
      { StringEquals: null },
      "The StringEquals of a Condition is null. It must be",
    ],
    "a policy variable": [
      { StringEquals: { [REGION]: "${aws:userid}" } },
      'value of aws:RequestedRegion "${aws:userid}"',
    ],
    "an object as a value": [{ StringEquals: { [REGION]: [{}] } }, "value of aws:RequestedRegion"],
    "a multivalued key without a set operator": [
      { StringLike: { [KEY]: "a" } },
      "Use ForAllValues:StringLike or ForAnyValue:StringLike.",
    ],
  };
  for (const [title, [condition, sentence]] of Object.entries(refused)) {
    it(`rejects ${title}`, () => {
      expect(() => readConditions(condition)).to.throw(sentence);
    });
  }
});

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
