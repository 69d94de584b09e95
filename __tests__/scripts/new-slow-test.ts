import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { repositoryCopy } from "../support/project-copy.ts";
import { run } from "../support/terminal.ts";

/** Everything that a new route or service can fail, except what starts emulators for other reasons. */
const TESTS = [
  "__tests__/chat/use-cases/greet-test.ts",
  "__tests__/house-test.ts",
  "__tests__/infra/chat-stack-test.ts",
  "__tests__/benchmarks/cold-start/events-test.ts",
  "__tests__/benchmarks/cold-start/bench-slow-test.ts",
  "__tests__/benchmarks/cold-start/budget-test.ts",
  "__tests__/benchmarks/costs/units-test.ts",
  "__tests__/chatops/*-test.ts",
  "__tests__/docs/*-test.ts",
];

describe("npm run new", function () {
  // It checks a whole repository, and runs many of its tests.
  this.timeout(900_000);

  let copy: string;
  const script = (name: string, ...flags: string[]) => run({ cwd: copy, script: `scripts/${name}.ts` }, ...flags);
  before(() => {
    copy = repositoryCopy();
  });

  /** Runs a tool of the repository. Rejects with everything that it printed if it fails. */
  async function tool(path: string, ...args: string[]): Promise<void> {
    try {
      await promisify(execFile)(process.execPath, [`node_modules/${path}`, ...args], { cwd: copy, maxBuffer: 2 ** 26 });
    } catch (fault) {
      const { stdout, stderr } = fault as { stdout: string; stderr: string };
      throw new Error(`${path} failed:\n${stdout}${stderr}`, { cause: fault });
    }
  }

  it("rejects a name that is invalid or in use, and changes nothing", async () => {
    for (const [kind, name, reason] of [
      ["route", "Greet", 'The name is "Greet".'],
      ["route", "join", 'A route or service named "join" already exists.'],
      ["service", "github", 'A route or service named "github" already exists.'],
      ["service", "class", '"class" is a reserved word'],
      ["handler", "greet", 'Received "handler greet".'],
    ] as const) {
      const { code, stderr } = await script("new", kind, name);
      expect(code, name).to.equal(1);
      expect(stderr).to.include(reason);
    }
    const { stdout } = await promisify(execFile)("git", ["ls-files", "--others", "--exclude-standard"], { cwd: copy });
    expect(stdout).not.to.include("greet");
  });

  it("writes a route and a service that pass the checks once npm run update has run", async () => {
    for (const [kind, name] of [
      ["route", "greet"],
      ["service", "widgets"],
    ] as const) {
      const { code, stdout, stderr } = await script("new", kind, name);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      expect(stdout).to.include("npm run update && npm test");
    }
    execFileSync("git", ["add", "--all"], { cwd: copy });
    const { code, stdout, stderr } = await script("update");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    for (const file of ["README.md", "docs/protocol.md", "bundle-sizes.json", "units.json", "chat-stack.tree.txt"]) {
      expect(stdout).to.include(file);
    }
    expect((await script("docs", "--check")).stderr).to.equal("");
    await tool("typescript/bin/tsc");
    await tool("@biomejs/biome/bin/biome", "check", "--error-on-warnings");
    await tool("mocha/bin/mocha.js", "--parallel", "--jobs", "2", "--timeout", "180000", ...TESTS);
  });
});
