import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { App, TerraformStack, Testing } from "cdktf";
import { expect } from "chai";
import { withId } from "../../infra/names.ts";
import { lockProvider, refuseDuplicateIds } from "../../infra/terraform.ts";

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

const STACKS = ["first", "second"];

/** The lock of each stack after `lockProvider`. */
function locksOf(lock: string): (string | undefined)[] {
  const app = new App({ outdir: temporaryDirectory() });
  for (const id of STACKS) new TerraformStack(app, id);
  app.synth();
  lockProvider(app, lock);
  return STACKS.map((id) => join(app.outdir, "stacks", id, ".terraform.lock.hcl")).map((path) =>
    existsSync(path) ? readFileSync(path, "utf8") : undefined,
  );
}

/* __tests__/main-slow-test.ts tests that main.ts locks the provider. */
describe("infra/terraform, provider lock", () => {
  it("is copied next to the Terraform of each stack", () => {
    const lock = join(temporaryDirectory(), "lock.hcl");
    writeFileSync(lock, "# locked");
    expect(locksOf(lock)).to.deep.equal(["# locked", "# locked"]);
  });

  it("is optional: without it, Terraform chooses the version", () => {
    expect(locksOf(join(temporaryDirectory(), "lock.hcl"))).to.deep.equal([undefined, undefined]);
  });
});
