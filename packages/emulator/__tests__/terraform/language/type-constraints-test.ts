import { expect } from "chai";
import { typeOf } from "../../../src/terraform/language/type-constraints.ts";
import type { Result } from "../../../src/terraform/language/values.ts";

/** The defaults in these tests are literals. */
const converted = (type: string, value: Result): Result =>
  typeOf(type)(value, (expression) => (expression.kind === "literal" ? expression.value : {}));

describe("terraform/language/type-constraints", () => {
  for (const [type, value, result] of [
    ["string", 1.5, "1.5"],
    ["number", "7", 7],
    ["bool", "true", true],
    ["any", [1, "a"], [1, "a"]],
    ["list(string)", [1, true], ["1", "true"]],
    ["set(number)", ["3", 2, 3], [2, 3]],
    ["map(string)", { b: 1, a: false }, { a: "false", b: "1" }],
    ["tuple([string, number])", [1, "2"], ["1", 2]],
    ["list", [1, "a"], ["1", "a"]],
    ["object({ a = string, b = optional(number, 3), c = optional(bool) })", { a: 1, d: 2 }, { a: "1", b: 3, c: null }],
    ["map(object({ a = optional(string, 'x') }))".replaceAll("'", '"'), { k: {} }, { k: { a: "x" } }],
    ["string", null, null],
    ["list(string)", null, null],
  ] as const) {
    it(`converts ${JSON.stringify(value)} to ${type}`, () => {
      expect(converted(type, value as Result)).to.deep.equal(result);
    });
  }

  for (const [type, value, reason] of [
    ["number", "a", 'A number is required, but the value is "a".'],
    ["string", [], "A string is required, but the value is a list."],
    ["list(string)", "a", "A list is required, but the value is a string."],
    ["object({ a = string })", {}, 'The attribute "a" is required.'],
    ["object({ a = string })", "a", "An object is required, but the value is a string."],
    ["text", "a", "The type text does not exist."],
  ] as const) {
    it(`rejects ${JSON.stringify(value)} for ${type}`, () => {
      expect(() => converted(type, value as Result)).to.throw(reason);
    });
  }

  it("rejects an expression that is not a type", () => {
    expect(() => typeOf("1")).to.throw("A type must be string, number, bool, any, list(…)");
  });
});
