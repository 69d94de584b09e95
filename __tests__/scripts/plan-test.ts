import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { projectCopy } from "../support/project-copy.ts";

const run = (folder: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/plan.ts", ...args], {
    cwd: folder,
    env: { ...process.env, PATH: "" },
  });

/* What it prints of plans is under test with Terraform, in __tests__/terraform/. */
describe("scripts/plan", () => {
  const folder = projectCopy();

  it("explains itself", async () => {
    expect((await run(folder, "--help")).stdout).to.match(/^Plans a change with Terraform/);
  });

  it("says where to get Terraform where there is none, and ends with 1", async () => {
    const { code, stderr } = await run(folder, "--guard").catch((fault) => fault);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      "terraform is not on the PATH. Install it: https://developer.hashicorp.com/terraform/install\n",
    );
  });
});
