import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack, Testing } from "cdktf";
import { expect } from "chai";
import { withId } from "../../../infra/names.ts";
import { refuseDuplicateIds } from "../../../infra/terraform.ts";

function aStackOf(ids: readonly string[]): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "stack");
  new AwsProvider(stack, "aws", {});
  refuseDuplicateIds(stack);
  ids.forEach((id, index) => void withId(new CloudwatchLogGroup(stack, `group-${index}`, {}), id));
  return stack;
}

describe("infra/constructs/unique-ids", () => {
  it("accepts a stack whose ids are unique", () => {
    expect(Testing.synth(aStackOf(["one", "two"]), true)).to.include("one");
  });

  it("fails a stack in which cdktf would merge two elements, and names both", () => {
    expect(() => Testing.synth(aStackOf(["same", "same"]), true)).to.throw(
      "The Terraform id aws_cloudwatch_log_group.same is used by stack/group-0 and stack/group-1; each id must be unique.",
    );
  });
});
