import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { roundsOf } from "../../scripts/bench/flags.ts";
import { NODE_FLAGS } from "../support/terminal.ts";

const run = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [
    ...NODE_FLAGS,
    fileURLToPath(new URL(`../../scripts/${script}.ts`, import.meta.url)),
    ...args,
  ]);

const FLAGS = {
  bench: ["--rounds N", "--sockets", "--write", "--json"],
  "bench-cold": ["--rounds N", "--json", "--budget"],
  "bench-memory": ["--rounds N", "--write", "--json"],
  "bench-emulator": ["--rounds N", "--peer"],
  "bench-slow-reader": ["--rounds N", "--members N", "--messages N"],
};

describe("the commands of the benchmarks", () => {
  for (const [script, flags] of Object.entries(FLAGS)) {
    it(`${script} --help prints its flags and nothing else`, async () => {
      const { stdout, stderr } = await run(script, "--help");
      for (const flag of flags) expect(stdout).to.contain(flag);
      expect(stderr).to.equal("");
    });
  }

  for (const script of ["bench", "bench-slow-reader"]) {
    it(`${script} rejects an invalid number of rounds with one sentence and exit code 1`, async () => {
      const { code, stderr } = await run(script, "--rounds", "none").catch((fault) => fault);
      expect(code).to.equal(1);
      expect(stderr.trim()).to.match(/^--rounds is "none"; it must be a whole number from 1 to \d+\.$/);
    });
  }

  it("accept 1 to 99 rounds", () => {
    expect(roundsOf("12")).to.equal(12);
    expect(() => roundsOf("0")).to.throw('--rounds is "0"; it must be a whole number from 1 to 99.');
  });
});
