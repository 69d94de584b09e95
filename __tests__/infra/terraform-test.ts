import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack, Testing } from "cdktf";
import { expect } from "chai";
import { withId } from "../../infra/names.ts";
import { refuseDuplicateIds } from "../../infra/terraform.ts";
import { projectCopy, synthesize } from "../support/project-copy.ts";
import { STACK } from "../support/synthesized.ts";

function aStackOf(ids: readonly string[]): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "stack");
  new AwsProvider(stack, "aws", {});
  refuseDuplicateIds(stack);
  ids.forEach((id, index) => void withId(new CloudwatchLogGroup(stack, `group-${index}`, {}), id));
  return stack;
}

describe("infra/terraform, ids", () => {
  it("accepts a stack whose ids are unique", () => {
    expect(Testing.synth(aStackOf(["one", "two"]), true)).to.include("one");
  });

  it("fails a stack in which cdktf would merge two elements, and names both", () => {
    expect(() => Testing.synth(aStackOf(["same", "same"]), true)).to.throw(
      "The Terraform id aws_cloudwatch_log_group.same is used by stack/group-0 and stack/group-1; each id must be unique.",
    );
  });
});

const LOCK = "infra/provider-lock.hcl";

/** What a stack has for a lock once the project, with this one or none, is synthesized. */
function placed(lock?: string): string | undefined {
  const project = projectCopy();
  if (lock === undefined) rmSync(join(project, LOCK), { force: true });
  else writeFileSync(join(project, LOCK), lock);
  const path = join(synthesize(project), "stacks", STACK, ".terraform.lock.hcl");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

describe("infra/terraform, provider lock", () => {
  it("is copied beside the Terraform of each stack", () => {
    expect(placed("# locked")).to.equal("# locked");
  });

  it("is optional: without it, Terraform chooses the version", () => {
    expect(placed()).to.equal(undefined);
  });
});
