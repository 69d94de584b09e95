import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { reviewWarning } from "../../../scripts/start/review-function.ts";

const ARN = "arn:aws:lambda:eu-west-2:123456789012:function:review";
const review = { functionArn: ARN, timeoutMilliseconds: 1_000, onFailure: "deny" } as const;

/** A stack with a function `sendmessage`, which may invoke the review function. */
function aStack(): string {
  const stack = temporaryDirectory();
  const resource = {
    aws_lambda_function: { sendmessage: { function_name: "chat-dev-sendmessage" } },
    aws_iam_role_policy: { review: { name: "review", policy: JSON.stringify({ Resource: ARN }) } },
  };
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ resource }));
  return stack;
}

describe("scripts/start/review-function", () => {
  it("warns of a review function that the stack does not have, and says what happens to messages", async () => {
    const warning = await reviewWarning(aStack(), { review });
    expect(warning).to.include('the function "review"').and.include("every message and edit is refused");
    expect(await reviewWarning(aStack(), { review: { ...review, onFailure: "allow" } })).to.include(
      "stored without a review",
    );
  });

  it("does not warn without the setting, or if another file of the folder declares the function", async () => {
    expect(await reviewWarning(aStack(), {})).to.equal(undefined);
    for (const [file, text] of [
      ["review.tf", 'resource "aws_lambda_function" "review" {\n  function_name    = "review"\n}'],
      [
        "review.tf.json",
        JSON.stringify({ resource: { aws_lambda_function: { any: { function_name: "review" } } } }, null, 2),
      ],
    ] as const) {
      const stack = aStack();
      writeFileSync(join(stack, file), text);
      expect(await reviewWarning(stack, { review }), file).to.equal(undefined);
    }
  });
});
