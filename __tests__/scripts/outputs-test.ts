import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";
import { run } from "../support/terminal.ts";

const outputs = { cwd: ROOT, script: "scripts/outputs.ts" };

/* What it prints of a stack that is deployed is in the tests of Terraform. */
describe("scripts/outputs", () => {
  it("explains its flags with --help", async () => {
    const { code, stdout } = await run(outputs, "--help");
    expect(code).to.equal(0);
    for (const flag of ["--environment NAME", "--json"]) expect(stdout).to.include(flag);
  });

  it("lists the environments if the name is unknown", async () => {
    const { code, stderr } = await run(outputs, "--environment", "nowhere");
    expect(code).to.equal(1);
    expect(stderr).to.match(/^There is no environment "nowhere" in infra\/environments\.ts\. Choose one of .*\bdev\b/);
  });
});
