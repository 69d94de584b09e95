import { join } from "node:path";
import { expect } from "chai";
import { aFolder, errorIn, type Files, Lambdas } from "../support/lambda.ts";

const COMMON = "exports.handler = async () => __filename.split('/').pop();";
const MODULE = "export const handler = async () => import.meta.url.split('/').pop();";

describe("lambda/handler-module", () => {
  let lambdas: Lambdas;
  beforeEach(() => {
    lambdas = new Lambdas();
  });
  afterEach(() => lambdas.stop());

  const create = (files: Files, handler = "index.handler") => lambdas.create({ files, config: { handler } });

  const cases: readonly (readonly [string, Files, string, unknown])[] = [
    ["a CommonJS module", { "app.js": COMMON }, "app.handler", "app.js"],
    ["an ES module by its extension", { "app.mjs": MODULE }, "app.handler", "app.mjs"],
    ["CommonJS by its extension", { "app.cjs": COMMON }, "app.handler", "app.cjs"],
    ["an ES module by its package", { "app.js": MODULE, "package.json": '{"type":"module"}' }, "app.handler", "app.js"],
    ["CommonJS in a package without a type", { "app.js": COMMON, "package.json": "{}" }, "app.handler", "app.js"],
    ["a file before a module of the same name", { "app.js": COMMON, "app.mjs": MODULE }, "app.handler", "app.js"],
    ["a file in a folder", { "dir/sub/app.js": COMMON }, "dir/sub/app.handler", "app.js"],
    ["a nested export", { "app.js": `exports.api = { v1: { go: async () => 7 } };` }, "app.api.v1.go", 7],
    ["an export of an assigned module.exports", { "app.js": "module.exports = { go: async () => 7 };" }, "app.go", 7],
    [
      "an export that is created at run time",
      {
        "app.js":
          "const name = 'go'; module.exports = new Proxy({}, { get: (_, key) => key === name ? async () => 7 : undefined });",
      },
      "app.go",
      7,
    ],
    [
      "a package in the archive",
      {
        "app.mjs": "import { seven } from 'numbers'; export const go = async () => seven;",
        "node_modules/numbers/package.json": '{"main":"main.js"}',
        "node_modules/numbers/main.js": "exports.seven = 7;",
      },
      "app.go",
      7,
    ],
  ];
  for (const [what, files, handler, payload] of cases) {
    it(`loads ${what}`, async () => {
      expect(await create(files, handler).invoke({})).to.deep.equal({ payload });
    });
  }

  it("loads a folder like a zip file, and ignores the folders above it", async () => {
    const above = aFolder({ "package.json": '{"type":"module"}', "task/index.js": COMMON });
    const lambda = lambdas.create({ files: {}, config: { archivePath: join(above, "task") } });
    expect(await lambda.invoke({})).to.deep.equal({ payload: "index.js" });
  });

  const faults: readonly (readonly [string, Files, string, string, RegExp])[] = [
    [
      "a module that does not exist",
      { "index.js": "" },
      "other.handler",
      "ImportModuleError",
      /Cannot find module 'other'/,
    ],
    [
      "a missing dependency of a module",
      { "index.js": "require('none')" },
      "index.handler",
      "ImportModuleError",
      /'none'/,
    ],
    ["a syntax error", { "index.mjs": "this is no module" }, "index.handler", "UserCodeSyntaxError", /^SyntaxError: /],
    ["a syntax error of CommonJS", { "index.js": "if (" }, "index.handler", "UserCodeSyntaxError", /^SyntaxError: /],
    [
      "an export that does not exist",
      { "index.js": COMMON },
      "index.other",
      "HandlerNotFound",
      /^index.other is undefined or not exported$/,
    ],
    [
      "an export that is not a function",
      { "index.js": "exports.a = 1;" },
      "index.a",
      "HandlerNotFound",
      /^index.a is not a function$/,
    ],
    ["a handler without an export", { "index.js": COMMON }, "index", "MalformedHandlerName", /^Bad handler$/],
    [
      "a handler with a path that leaves the archive",
      { "index.js": COMMON },
      "../index.handler",
      "MalformedHandlerName",
      /is not a valid handler name/,
    ],
  ];
  for (const [what, files, handler, kind, message] of faults) {
    it(`returns Lambda's error for ${what} (HS-22)`, async () => {
      const { errorType, errorMessage } = errorIn(await create(files, handler).invoke({}));
      expect(errorType).to.equal(`Runtime.${kind}`);
      expect(errorMessage).to.match(message);
    });
  }

  describe("depends on the runtime and", () => {
    const on = (runtime: string, code: string) =>
      lambdas.create({
        files: { "index.js": code },
        options: { variables: { AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}` } },
      });
    const CALLING_BACK = "exports.handler = (event, context, callback) => callback(null, 7);";

    it("runs a handler with a callback on nodejs22.x", async () => {
      expect(await on("nodejs22.x", CALLING_BACK).invoke({})).to.deep.equal({ payload: 7 });
    });

    for (const runtime of ["nodejs24.x", "nodejs26.x"]) {
      it(`rejects a handler with a callback parameter on ${runtime}, and logs why`, async () => {
        const { errorType, errorMessage } = errorIn(await on(runtime, CALLING_BACK).invoke({}));
        expect(errorType).to.equal("Runtime.CallbackHandlerDeprecated");
        expect(errorMessage).to.include(
          "removed support for callback-based function handlers starting with Node.js 24",
        );
        expect(JSON.stringify(lambdas.log)).to.include(errorType);
      });

      it(`passes only event and context to a handler on ${runtime}, and returns its result`, async () => {
        const code = "exports.handler = function (event) { return [event, arguments.length]; };";
        expect(await on(runtime, code).invoke(1)).to.deep.equal({ payload: [1, 2] });
      });

      it(`reports an exception, and a promise that never settles, on ${runtime}`, async () => {
        const thrown = await on(runtime, "exports.handler = () => { throw new RangeError('far'); };").invoke({});
        expect(errorIn(thrown).errorType).to.equal("RangeError");
        const unsettled = await on(runtime, "exports.handler = () => new Promise(() => {});").invoke({});
        expect(errorIn(unsettled).errorType).to.equal("Runtime.NodeJsExit");
      });
    }
  });

  it("returns the error of a module that throws, each time it is loaded", async () => {
    const lambda = create({ "index.mjs": "throw new RangeError('far');" });
    for (const _ of [1, 2]) expect(errorIn(await lambda.invoke({}))).to.include({ errorType: "RangeError" });
  });

  it("rejects an archive that does not exist or is not a zip file", () => {
    const folder = aFolder({ "index.zip": "not a zip file" });
    const archive = (archivePath: string) => () => lambdas.create({ files: {}, config: { archivePath } });
    expect(archive(join(folder, "none.zip"))).to.throw("none.zip does not exist. Build it");
    expect(archive(join(folder, "index.zip"))).to.throw("index.zip is neither a zip file nor a folder: ");
  });

  it("rejects an archive with a path outside the archive", () => {
    for (const name of ["../evil.js", "a/../../evil.js", "/evil.js"]) {
      expect(() => create({ "index.js": COMMON, [name]: "" }), name).to.throw(
        `contains "${name}", a path outside the archive.`,
      );
    }
  });

  it("unpacks an archive with entries for folders", async () => {
    expect(await create({ "dir/": "", "dir/app.js": COMMON }, "dir/app.handler").invoke({})).to.deep.equal({
      payload: "app.js",
    });
  });
});
