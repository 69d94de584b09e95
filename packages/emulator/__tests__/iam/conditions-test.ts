import { expect } from "chai";
import { type Context, holds, readConditions } from "../../src/iam/conditions.ts";

const KEY = "dynamodb:LeadingKeys";
const REGION = "aws:RequestedRegion";

const isTrue = (condition: Readonly<Record<string, unknown>>, context: Context): boolean =>
  readConditions(condition).every((each) => holds(each, context));

/** Whether an operator holds between the region of a request, where there is one, and what a policy wants of it. */
const compares = (operator: string, actual: string | undefined, wanted: unknown): boolean =>
  isTrue({ [operator]: { [REGION]: wanted } }, actual === undefined ? {} : { "aws:requestedregion": [actual] });

/** The same of the keys that a request touches. */
const touches = (operator: string, actual: readonly string[] | undefined, wanted: unknown): boolean =>
  isTrue({ [operator]: { [KEY]: wanted } }, actual ? { "dynamodb:leadingkeys": actual } : {});

const ARN = "arn:aws:dynamodb:eu-west-2:000000000000:table/items";

describe("iam/conditions", () => {
  for (const [operator, wanted, actual, outcome] of [
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
    it(`${operator} ${wanted} is ${outcome} for ${actual}`, () => {
      expect(compares(operator, actual, wanted)).to.equal(outcome);
    });
  }

  it("does not hold for a request without the key, unless it is negated or ends in IfExists", () => {
    const wanted = "eu-west-2";
    const outcomes = ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists"].map(
      (operator) => compares(operator, undefined, wanted),
    );
    expect(outcomes).to.deep.equal([false, true, true, true]);
  });

  it("is as strict with IfExists for a request that has the key", () => {
    expect(compares("StringEqualsIfExists", "us-east-1", "eu-west-2")).to.equal(false);
  });

  it("holds with ForAllValues when every value does, and for a request without the key", () => {
    const outcomes = [["CONN#1", "CONN#2"], ["CONN#1", "USER#1"], [], undefined].map((keys) =>
      touches("ForAllValues:StringLike", keys, ["CONN#*", "CHANNEL#*"]),
    );
    expect(outcomes).to.deep.equal([true, false, true, true]);
  });

  it("holds with ForAnyValue when one value does, and not for a request without the key", () => {
    const outcomes = [["USER#1", "CONN#2"], ["USER#1"], [], undefined].map((keys) =>
      touches("ForAnyValue:StringLike", keys, "CONN#*"),
    );
    expect(outcomes).to.deep.equal([true, false, false, false]);
  });

  it("negates each value, and not the whole, under a quantifier", () => {
    expect(touches("ForAllValues:StringNotLike", ["a", "CONN#1"], "CONN#*")).to.equal(false);
    expect(touches("ForAnyValue:StringNotLike", ["a", "CONN#1"], "CONN#*")).to.equal(true);
  });

  it("asks for every operator and every key", () => {
    const condition = { StringEquals: { [REGION]: "eu-west-2", "aws:PrincipalAccount": "1" } };
    expect(isTrue(condition, { "aws:requestedregion": ["eu-west-2"], "aws:principalaccount": ["1"] })).to.equal(true);
    expect(isTrue(condition, { "aws:requestedregion": ["eu-west-2"], "aws:principalaccount": ["2"] })).to.equal(false);
  });

  it("takes a key in any case", () => {
    expect(isTrue({ StringEquals: { "AWS:requestedREGION": "a" } }, { "aws:requestedregion": ["a"] })).to.equal(true);
  });

  const refused: Record<string, [Record<string, unknown>, string]> = {
    "an operator it does not know": [
      { IpAddress: { [REGION]: "a" } },
      'condition operator "IpAddress". It knows String',
    ],
    "an unknown operator with nothing under it": [{ Nope: {} }, 'condition operator "Nope"'],
    "an operator that every object has": [{ toString: { [REGION]: "a" } }, 'condition operator "toString"'],
    "another quantifier": [{ "ForSomeValues:StringLike": { [KEY]: "a" } }, 'operator "ForSomeValues:StringLike"'],
    "a key it does not know": [{ StringEquals: { "aws:MultiFactorAuthAge": "1" } }, 'key "aws:MultiFactorAuthAge". It'],
    "an operator with a text under it": [{ StringEquals: "a" }, 'The StringEquals of a Condition is "a"; it must be'],
    "an operator with nothing under it": [
      { StringEquals: null },
      "The StringEquals of a Condition is null; it must be",
    ],
    "a policy variable": [
      { StringEquals: { [REGION]: "${aws:userid}" } },
      'value of aws:RequestedRegion "${aws:userid}"',
    ],
    "an object for a value": [{ StringEquals: { [REGION]: [{}] } }, "value of aws:RequestedRegion"],
    "a list of keys without a quantifier": [{ StringLike: { [KEY]: "a" } }, "is of ForAllValues:StringLike or ForAny"],
  };
  for (const [title, [condition, sentence]] of Object.entries(refused)) {
    it(`refuses ${title}`, () => {
      expect(() => readConditions(condition)).to.throw(sentence);
    });
  }
});
