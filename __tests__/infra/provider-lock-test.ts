import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectCopy, synthesize } from "../support/project-copy.ts";
import { STACK } from "../support/synthesized.ts";

const LOCK = "infra/provider-lock.hcl";

/** What a stack has for a lock once the project, with this one or none, is synthesized. */
function placed(lock?: string): string | undefined {
  const project = projectCopy();
  if (lock === undefined) rmSync(join(project, LOCK), { force: true });
  else writeFileSync(join(project, LOCK), lock);
  const path = join(synthesize(project), "stacks", STACK, ".terraform.lock.hcl");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

describe("infra/provider-lock", () => {
  it("is copied next to the Terraform of each stack", () => {
    expect(placed("# locked")).to.equal("# locked");
  });

  it("is optional: without it, Terraform chooses the version", () => {
    expect(placed()).to.equal(undefined);
  });
});
