import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { aPlan, type Planned } from "./support/plans.ts";

const SOURCES = fileURLToPath(new URL("../src", import.meta.url));

const KEPT = { before: { name: "talk" } };
const LOST = { before: { name: "talk" }, after: null };

const planOf = (table: Planned): string =>
  JSON.stringify({ format_version: "1.2", ...aPlan({ "aws_dynamodb_table.talk": table }) });

/* Workflows run the command before any package is installed, so it must not import one. */
describe("cli, with no package installed", () => {
  const folder = mkdtempSync(join(tmpdir(), "plan-review-"));
  const stack = join(folder, "chat-dev");
  const file = join(folder, "plan.json");
  before(() => {
    mkdirSync(stack);
    cpSync(SOURCES, join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  });
  after(() => rmSync(folder, { recursive: true }));

  async function run({ args = [], input = "" }: { readonly args?: readonly string[]; readonly input?: string }) {
    const command = ["--import", import.meta.resolve("tsx"), join(folder, "src/cli.ts"), ...args];
    const child = spawn(process.execPath, command, { cwd: stack, stdio: "pipe" });
    child.stdin.end(input);
    const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  }

  it("reviews the plan on standard input, for the current folder", async () => {
    const { code, stdout, stderr } = await run({ input: planOf(KEPT) });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.match(/^<!-- plan of chat-dev -->\n## Plan of `chat-dev`\n/);
  });

  it("reviews a plan file, and reads the sizes of archives in the folder of the stack", async () => {
    const lambda = { function_name: "connect", filename: "connect.zip" };
    const before = { ...lambda, source_code_hash: "a", source_code_size: 10 };
    const plan = aPlan({ "aws_lambda_function.connect": { before, after: { ...lambda, source_code_hash: "b" } } });
    writeFileSync(file, JSON.stringify({ format_version: "1.2", ...plan }));
    const other = join(folder, "chat-prod");
    mkdirSync(other);
    writeFileSync(join(other, "connect.zip"), Buffer.alloc(12));
    const { stdout } = await run({ args: ["--stack", other, "--plan", file] });
    expect(stdout).to.include("## Plan of `chat-prod`").and.include("10 bytes → 12 bytes");
  });

  it("exits with code 3 with --guard if data will be lost, and otherwise with 0", async () => {
    const guarded = await run({ args: ["--guard"], input: planOf(LOST) });
    expect(guarded.code).to.equal(3);
    expect(guarded.stdout).to.include("Data at risk");
    expect((await run({ args: ["--guard"], input: planOf(KEPT) })).code).to.equal(0);
    expect((await run({ input: planOf(LOST) })).code).to.equal(0);
  });

  it("exits with code 1 if the input is not a plan", async () => {
    const { code, stdout, stderr } = await run({ args: ["--guard"], input: '{ "format_version": "2.0" }' });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.include('The plan has the format version "2.0". This review reads versions 1.x');
  });

  it("prints its flags with --help", async () => {
    const { code, stdout } = await run({ args: ["--help"] });
    expect(code).to.equal(0);
    expect(stdout).to.include("--guard ").and.include("--stack FOLDER");
  });
});
