import { expect } from "chai";
import { Lambdas } from "../support/lambda.ts";

const FILES = { "data.json": '{"a":1}', "folder/inner.txt": "inner" };

describe("lambda/working-directory", () => {
  const lambdas = new Lambdas();
  afterEach(() => lambdas.stop());

  /** The result of a function that has FILES beside it. `fs`, `promises` and `path` are imported. */
  async function returned(statements: string, file = "index.mjs"): Promise<unknown> {
    const index = `import fs, { readFileSync, createReadStream } from "node:fs";
      import promises, { readFile } from "node:fs/promises";
      import path from "node:path";
      import { promisify } from "node:util";
      import { execFile, execSync, spawnSync } from "node:child_process";
      export const handler = async () => { ${statements} };`;
    const lambda = lambdas.create({ files: { ...FILES, [file]: index } });
    const outcome = await lambda.invoke({});
    if (!("payload" in outcome)) throw new Error(JSON.stringify(outcome));
    return outcome.payload;
  }

  for (const [name, expression] of Object.entries({
    "a named import": 'readFileSync("data.json", "utf8")',
    "a path with a dot": 'fs.readFileSync("./folder/../data.json", "utf8")',
    "a buffer": 'fs.readFileSync(Buffer.from("data.json"), "utf8")',
    "a promise": 'await readFile("data.json", "utf8")',
    "a file handle": 'await (await promises.open("data.json")).readFile("utf8")',
    "a descriptor": 'fs.readFileSync(fs.openSync("data.json"), "utf8")',
    "a callback": 'await promisify(fs.readFile)("data.json", "utf8")',
    "a stream": '(await createReadStream("data.json", "utf8").toArray()).join("")',
    "a stream by its class": '(await new fs.ReadStream("data.json", "utf8").toArray()).join("")',
    "an absolute path": 'await readFile(path.resolve("data.json"), "utf8")',
    "a URL": 'await readFile(new URL("data.json", import.meta.url), "utf8")',
    "a child process": '(await promisify(execFile)("cat", ["data.json"])).stdout',
    "a shell command": 'execSync("cat data.json").toString()',
    "a synchronous child process": 'spawnSync("cat", ["data.json"], { encoding: "utf8" }).stdout',
    "a child process in a folder": 'spawnSync("cat", ["../data.json"], { cwd: "folder" }).stdout.toString()',
  })) {
    it(`reads a file beside the code by ${name}`, async () => {
      expect(await returned(`return ${expression};`)).to.equal('{"a":1}');
    });
  }

  it("is the folder of the code", async () => {
    const names = "[process.cwd() === process.env.LAMBDA_TASK_ROOT, path.resolve() === process.cwd()]";
    expect(await returned(`return ${names};`)).to.deep.equal([true, true]);
    expect(await returned('return fs.readdirSync(".").sort();')).to.deep.equal(["data.json", "folder", "index.mjs"]);
  });

  it("resolves both paths of a function", async () => {
    const statements = `fs.copyFileSync("data.json", "copy.json");
      await promises.rename("copy.json", "folder/moved.json");
      fs.symlinkSync("inner.txt", "folder/link");
      return [fs.readdirSync("folder").sort(), fs.readFileSync("folder/link", "utf8"), fs.existsSync("copy.json")];`;
    expect(await returned(statements)).to.deep.equal([["inner.txt", "link", "moved.json"], "inner", false]);
  });

  it("keeps variants and errors of functions", async () => {
    const statements = `const paths = [fs.realpathSync.native("data.json"), fs.realpathSync("data.json")];
      const codes = ["", "missing"].map((name) => { try { fs.readFileSync(name); } catch ({ code }) { return code; } });
      return [paths[0] === paths[1], codes, await promisify(fs.exists)("data.json")];`;
    expect(await returned(statements)).to.deep.equal([true, ["ENOENT", "ENOENT"], true]);
  });

  it("changes by process.chdir, in one function only", async () => {
    expect(await returned('process.chdir("folder"); return fs.readFileSync("inner.txt", "utf8");')).to.equal("inner");
    expect(await returned('return fs.existsSync("inner.txt");')).to.equal(false);
    expect(process.cwd()).not.to.include("folder");
    expect(await returned('try { process.chdir("data.json"); } catch ({ code }) { return code; }')).to.equal("ENOTDIR");
  });

  it("applies while the handler is loaded", async () => {
    const files = {
      ...FILES,
      "index.cjs":
        'const { a } = JSON.parse(require("fs").readFileSync("data.json")); exports.handler = async () => a;',
    };
    expect(await lambdas.create({ files }).invoke({})).to.deep.equal({ payload: 1 });
  });
});
