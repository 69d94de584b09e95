import { expect } from "chai";
import { parseNodeOptions, unsupportedNodeOptions } from "../../src/lambda/node-options.ts";
import { readStack } from "../../src/terraform/stack.ts";
import { fixtureStack, returning } from "../../src/testing/fixture-stack.ts";
import { type Files, Lambdas } from "../support/lambda.ts";
import { rejection } from "../support/rejection.ts";

describe("lambda/node-options", () => {
  const lambdas = new Lambdas();
  afterEach(() => lambdas.stop());

  const order = (name: string) => `(globalThis.order ??= []).push("${name}");`;
  const index =
    "export const handler = async () => [globalThis.order, process.env.NODE_OPTIONS, process.sourceMapsEnabled];";

  for (const [NODE_OPTIONS, expected] of [
    ["--import ./early.mjs", ["early"]],
    ["--import=./early.mjs -r ./first.cjs", ["first", "early"]],
    ['--require "./with space.cjs" --import tools/register', ["space", "package"]],
  ] as const) {
    it(`preloads modules from the folder of the function (${NODE_OPTIONS})`, async () => {
      const files: Files = {
        "index.mjs": index,
        "early.mjs": `await 1; ${order("early")}`,
        "first.cjs": order("first"),
        "with space.cjs": order("space"),
        "node_modules/tools/package.json": '{ "exports": { "./register": "./register.mjs" } }',
        "node_modules/tools/register.mjs": order("package"),
      };
      const lambda = lambdas.create({ files, options: { variables: { NODE_OPTIONS } } });
      expect(await lambda.invoke({})).to.deep.equal({ payload: [expected, NODE_OPTIONS, false] });
    });
  }

  it("reports a module that cannot be loaded", async () => {
    const variables = { NODE_OPTIONS: "--import ./missing.mjs" };
    const lambda = lambdas.create({ files: { "index.mjs": index }, options: { variables } });
    expect(JSON.stringify(await lambda.invoke({}))).to.include("Cannot find module './missing.mjs'");
  });

  it("applies the other options", async () => {
    const variables = { NODE_OPTIONS: "--enable-source-maps" };
    const lambda = lambdas.create({ files: { "index.mjs": index }, options: { variables } });
    expect(await lambda.invoke({})).to.deep.equal({ payload: [null, "--enable-source-maps", true] });
  });

  it("parses quotes and escapes", () => {
    expect(parseNodeOptions('--import "./a \\"b\\".mjs"  --title=x')).to.deep.equal({
      ...{ requires: [], imports: ['./a "b".mjs'], others: ["--title=x"] },
    });
  });

  it("names options that cannot be in NODE_OPTIONS", () => {
    expect(unsupportedNodeOptions("--eval=1 --enable-source-maps --no-such --loader ./a.mjs")).to.deep.equal([
      ...["--eval", "--no-such", "--loader"],
    ]);
  });

  it("refuses a stack with such an option", async () => {
    const environment = { variables: { NODE_OPTIONS: "--no-such" } };
    const routes = { go: { code: returning("1"), lambda: { environment } } };
    expect(await rejection(readStack(fixtureStack({ routes })))).to.match(
      /^aws_lambda_function\.go: The environment variable NODE_OPTIONS contains --no-such, .* Remove it\./,
    );
  });
});
