import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const SCRIPT = fileURLToPath(new URL("../../scripts/cost.ts", import.meta.url));

const run = (...args: string[]) => promisify(execFile)(process.execPath, ["--import", "tsx", SCRIPT, ...args]);

const LOAD = ["--connections", "50", "--hours", "1", "--messages", "1", "--audience", "50"];

describe("scripts/cost", () => {
  it("prints a bill as a table or as JSON", async () => {
    expect((await run(...LOAD)).stdout).to.contain("| API Gateway | messages | 76,500 | $0.08 |");
    const { load, chat, textbook } = JSON.parse((await run(...LOAD, "--json")).stdout);
    expect(load.connections).to.equal(50);
    for (const month of [chat, textbook]) expect(month.dollars).to.be.above(0);
  });

  it("prints the figures of the example in the README", async () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const [, flags = ""] = readme.match(/npm run cost -- (--connections .*)/) ?? [];
    const { chat } = JSON.parse((await run(...flags.split(" "), "--json")).stdout);
    expect(readme).to.contain(
      `cost $${chat.dollars.toFixed(2)} a month: $${chat.lines[0].dollars.toFixed(2)} for messages`,
    );
  });

  it("exits with 1 and one sentence for an invalid number", async () => {
    const { code, stderr } = await run("--connections", "-1").catch((fault) => fault);
    expect(code).to.equal(1);
    expect(stderr.trim().split("\n")).to.have.length(1);
  });
});
