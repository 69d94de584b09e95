import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { projectCopy } from "../support/project-copy.ts";
import { goldenReview, recordedPlan } from "../support/recorded-plans.ts";

describe("scripts/review, with no package installed", () => {
  const project = projectCopy();
  rmSync(join(project, "node_modules"));
  const review = (...args: string[]) =>
    promisify(execFile)(process.execPath, ["--import", import.meta.resolve("tsx"), "scripts/review.ts", ...args], {
      cwd: project,
    }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );

  /** Writes a recorded plan and archives of the sizes that it was recorded with. */
  function write(name: string): string[] {
    const { plan, archiveBytes } = recordedPlan(name);
    const [stack, file] = [join(project, "chat-dev"), join(project, `${name}.json`)];
    writeFileSync(file, JSON.stringify(plan));
    for (const [archive, bytes] of Object.entries(archiveBytes)) {
      mkdirSync(dirname(join(stack, archive)), { recursive: true });
      writeFileSync(join(stack, archive), Buffer.alloc(bytes ?? 0));
    }
    return ["--stack", stack, "--plan", file];
  }

  it("prints the review of a plan file", async () => {
    expect(await review(...write("code-only"))).to.include({ code: 0, stdout: goldenReview("code-only") });
  });

  it("ends with 3 with --guard if data will be lost, and otherwise with 0", async () => {
    expect(await review(...write("table-replacement"), "--guard")).to.include({
      code: 3,
      stdout: goldenReview("table-replacement"),
    });
    expect((await review(...write("throttle"), "--guard")).code).to.equal(0);
  });

  it("requires the stack and the plan", async () => {
    const { code, stderr } = await review("--stack", "chat-dev");
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: "--stack is chat-dev and --plan is undefined; both are required.\n",
    });
  });
});
