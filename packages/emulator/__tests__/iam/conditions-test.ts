import { expect } from "chai";
import { holds, readConditions } from "../../src/iam/conditions.ts";
import type { Context } from "../../src/iam/patterns.ts";

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
    ["StringEquals", "a${*}", "a*", true],
    ["StringLike", "a${*}", "ab", false],
    ["StringLike", "?", "😀", true],
    ["NumericEquals", "5.0", "05", true],
    ["NumericNotEquals", ["5", "6"], "5", false],
    ["NumericLessThan", 5, "-5", true],
    ["NumericLessThan", 5, "5", false],
    ["NumericLessThanEquals", 5, "5", true],
    ["NumericGreaterThan", "3.14", "3.141", true],
    ["NumericGreaterThanEquals", 5, "five", false],
    ["DateEquals", "2026-01-01", "2026-01-01T01:00:00+01:00", true],
    ["DateNotEquals", "1767225600", "2026-01-01T00:00:00Z", false],
    ["DateLessThan", "2026-01", "2025-12-31T23:59:59.999Z", true],
    ["DateGreaterThan", "2026-01-01T00:00:00Z", "1767225601", true],
    ["IpAddress", "203.0.113.0/24", "203.0.113.7", true],
    ["IpAddress", "203.0.113.7", "203.0.113.8", false],
    ["IpAddress", "2001:DB8::/32", "2001:db8::1", true],
    ["IpAddress", "0.0.0.0/0", "2001:db8::1", false],
    ["NotIpAddress", ["203.0.113.0/24", "10.0.0.0/8"], "10.1.2.3", false],
    ["BinaryEquals", "AAEC", "AAEC", true],
    ["BinaryEquals", "AAEC", "aaec", false],
    ["Null", "true", undefined, true],
    ["Null", true, "a", false],
    ["Null", ["true", "false"], "a", true],
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

  it("replaces variables by the values of the request, or by their default", () => {
    const context = { "aws:requestedregion": ["a-b"], "aws:principalaccount": ["a"] };
    const equals = (value: string) => isTrue({ StringEquals: { [REGION]: value } }, context);
    expect(equals("${AWS:principalACCOUNT}-b")).to.equal(true);
    expect(equals("${aws:principalaccount, 'x'}-b")).to.equal(true);
    expect(equals("${aws:username, 'a'}-b")).to.equal(true);
    expect(equals("${aws:username, 'x'}-b")).to.equal(false);
  });

  it("does not match a variable without a value, even to a wildcard", () => {
    expect(compares("StringLike", "a", "*${aws:username}")).to.equal(false);
    expect(compares("StringNotLike", "a", "*${aws:username}")).to.equal(true);
    expect(compares("StringEquals", "a", ["${aws:username}", "a"])).to.equal(true);
  });

  it("does not use the wildcards in the value of a variable", () => {
    const condition = { StringLike: { [REGION]: "${aws:PrincipalAccount}" } };
    expect(isTrue(condition, { "aws:requestedregion": ["ab"], "aws:principalaccount": ["a*"] })).to.equal(false);
    expect(isTrue(condition, { "aws:requestedregion": ["a*"], "aws:principalaccount": ["a*"] })).to.equal(true);
    expect(isTrue(condition, { "aws:requestedregion": ["*"], "aws:principalaccount": ["${*}"] })).to.equal(false);
  });

  it("counts an empty string as no value for set operators and Null", () => {
    expect(touches("ForAllValues:StringEquals", [""], "a")).to.equal(true);
    expect(touches("ForAnyValue:StringLike", [""], "*")).to.equal(false);
    expect(touches("Null", [""], "true")).to.equal(true);
    expect(compares("StringEquals", "", "")).to.equal(true);
  });

  it("ignores the case of keys", () => {
    expect(isTrue({ StringEquals: { "AWS:requestedREGION": "a" } }, { "aws:requestedregion": ["a"] })).to.equal(true);
  });

  const refused: Record<string, [Record<string, unknown>, string]> = {
    "an unsupported operator": [
      { StringStartsWith: { [REGION]: "a" } },
      'condition operator "StringStartsWith". It supports String',
    ],
    "Null with a suffix": [{ NullIfExists: { [REGION]: "true" } }, 'condition operator "NullIfExists"'],
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
    "an unsupported policy variable": [
      { StringEquals: { [REGION]: "${aws:userid}" } },
      'the policy variable in "${aws:userid}". It supports ${dynamodb:Select}, ${secretsmanager:SecretId}',
    ],
    "a variable with several values": [
      { StringEquals: { [REGION]: `\${${KEY}}` } },
      'the policy variable in "${dynamodb:LeadingKeys}"',
    ],
    "a policy variable without an end": [
      { StringEquals: { [REGION]: "${aws:username" } },
      'the policy variable in "${aws:username"',
    ],
    "a policy variable in a number": [
      { NumericEquals: { [REGION]: "${aws:username}" } },
      'value of aws:RequestedRegion "${aws:username}". It supports policy variables only with String',
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
