import { expect } from "chai";
import type { Module } from "../../../src/terraform/language/module.ts";
import { moduleIn } from "../../../src/terraform/program.ts";
import { EXPRESSION_FILES, EXPRESSIONS } from "../../support/expressions.ts";
import { folderOf } from "../../support/files.ts";

/** A module without resources, in which expressions are evaluated. */
function emptyModule(folder: string, locals: object = {}): Module {
  const empty = { resource: {}, data: {}, variable: {}, output: {}, module: {}, provider: {} };
  const files = { folder, ...empty, locals: locals as Record<string, string>, places: new Map() };
  return moduleIn({ files, calls: {} }, { folder, region: "eu-west-2", accountId: "000000000000" });
}

const evaluate = (expression: string, locals?: object): unknown =>
  emptyModule(".", locals).evaluate(`\${${expression}}`, "local.test");

describe("terraform/language/expressions", () => {
  const module = emptyModule(folderOf(EXPRESSION_FILES));

  for (const [expression, json] of EXPRESSIONS) {
    it(`evaluates ${expression}`, () => {
      expect(module.evaluate(`\${jsonencode(${expression})}`, "local.test")).to.equal(json);
    });
  }

  it("separates the attributes of an object by newlines, and ignores comments", () => {
    const text = '{\n  a = 1 # one\n  b = [\n    2,\n  ]\n  // three\n  "c" = upper("x")\n  (local.d) = 4\n}';
    expect(evaluate(text, { d: "d" })).to.deep.equal({ a: 1, b: [2], c: "X", d: 4 });
  });

  it("reads a heredoc, and removes the indentation of <<-", () => {
    expect(evaluate('join("", [<<-EOT\n    a ${1 + 1}\n      b\n  EOT\n])')).to.equal("a 2\n  b\n");
  });

  for (const [expression, reason] of [
    ["1 +", "where an expression must be"],
    ["nothing()", "does not support the function nothing"],
    ['cidrsubnet("10.0.0.0/8", 8, 1)', "does not support the function cidrsubnet"],
    ["local.gone", "It refers to local.gone, but there is no such local value."],
    ["{ a = 1 }.b", 'The object has no attribute "b". Its attributes are: a.'],
    ["[1][1]", "The list has 1 elements, and no index 1."],
    ['toset(["a"])[0]', "Use tolist."],
    ['"a" + 1', 'A number is required, but the value is "a".'],
    ["1 / 0", "divided by zero"],
    ['format("%d")', "The value for %d is missing."],
    ['regex("a", "b")', "does not match"],
    ['file("gone.txt")', "The file gone.txt cannot be read"],
    ['jsondecode("{")', "The text is not valid JSON"],
    ["[for x in [1, 1] : x => x]", '"]"'],
    ['{ for x in ["a", "a"] : x => 1 }', "the same key"],
    ["each.key", '"each" has no value here.'],
  ] as const) {
    it(`rejects ${expression}`, () => {
      expect(() => evaluate(expression)).to.throw(reason);
      expect(() => evaluate(expression)).to.throw("in local.test");
    });
  }

  it("finds local values that depend on themselves", () => {
    expect(() => evaluate("local.a", { a: "${local.b}", b: "${local.a}" })).to.throw(
      "It depends on itself: local.a → local.b → local.a.",
    );
  });

  it("rejects an expression that is nested too deeply, and a text that is too long", () => {
    const reason =
      "The emulator cannot resolve the expression in local.test. It is nested too deeply, or its value is too";
    expect(() => evaluate("[".repeat(20_000))).to.throw(reason);
    expect(() =>
      evaluate(`join("", [for i in range(1000) : local.a])${" ".repeat(80)}`, { a: "a".repeat(2 ** 20) }),
    ).to.throw(reason);
  });

  it("does not treat an unknown value as a failure of try", () => {
    expect(evaluate('try({}.a, "fallback")')).to.equal("fallback");
    expect(() => evaluate('try(nothing(), "fallback")')).to.throw("does not support the function nothing");
  });
});
