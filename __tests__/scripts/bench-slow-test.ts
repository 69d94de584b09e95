import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { NODE_FLAGS } from "../support/terminal.ts";

const run = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [
    ...NODE_FLAGS,
    fileURLToPath(new URL(`../../scripts/${script}.ts`, import.meta.url)),
    ...args,
  ]);

describe("the benchmarks' commands", () => {
  for (const script of ["bench", "bench-cold"]) {
    it(`${script} tells its flags, and says nothing else`, async () => {
      const { stdout, stderr } = await run(script, "--help");
      for (const flag of ["--rounds N", "--write", "--json"]) expect(stdout).to.contain(flag);
      expect(stderr).to.equal("");
    });

    it(`${script} ends with one sentence, and exit code 1, at rounds that are none`, async () => {
      const { code, stderr } = await run(script, "--rounds", "none").catch((fault) => fault);
      expect(code).to.equal(1);
      expect(stderr.trim()).to.equal("--rounds is none; it takes a number from 1 to 99.");
    });
  }
});
