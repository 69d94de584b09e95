import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { answerTo, type SignedInChat, startSignedInChat } from "../support/signed-in-chat.ts";

const CODE = `export const handler = async ({ data }) => {
  if (data.includes("http")) return { decision: "deny", reason: "No links, please." };
  if (data.includes("bad")) return { decision: "replace", data: data.replaceAll("bad", "***") };
  if (data.includes("crash")) throw new Error("crashed");
  return { decision: "allow" };
};`;

/** Adds the function `review` to a synthesized chat. */
function addReview(folder: string): void {
  writeFileSync(join(folder, "review.zip"), zipSync({ "index.mjs": strToU8(CODE) }));
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const resource = {
    aws_iam_role: { review: { name: "review", assume_role_policy: JSON.stringify({ Statement: [trust] }) } },
    aws_lambda_function: {
      review: {
        ...{ function_name: "review", filename: "review.zip", handler: "index.handler", runtime: "nodejs22.x" },
        role: "$" + "{aws_iam_role.review.arn}",
      },
    },
  };
  writeFileSync(join(folder, "review.tf.json"), JSON.stringify({ resource }));
}

describe("a review", () => {
  let chat: SignedInChat;
  let anna: Client;
  before(async () => {
    const functionArn = "arn:aws:lambda:eu-west-2:000000000000:function:review";
    const review = { functionArn, timeoutMilliseconds: 2_500, onFailure: "deny" } as const;
    chat = await startSignedInChat({ review }, { extend: addReview });
    anna = await chat.enter("anna");
    // Only the cold start of the function can exceed its timeout, on a busy machine.
    while ((await answerTo(anna, { message: "sendmessage", data: "hello" })).type !== "ack");
  });
  after(async () => {
    await anna.close();
    await chat.stop();
  });

  const say = (data: string) => answerTo(anna, { message: "sendmessage", data });

  it("allows, replaces and denies messages before they are stored", async () => {
    expect(await say("hello")).to.include({ type: "ack" });
    expect(await say("so bad")).to.include({ type: "ack" });
    const detail = "No links, please.";
    expect(await say("http://a.org")).to.include({ type: "error", code: "not-accepted", detail });
    expect(await say("crash")).to.include({ type: "error", code: "internal" });
    const { messages } = await answerTo(anna, { message: "history" });
    expect((messages as { data: string }[]).map(({ data }) => data)).to.deep.equal(["hello", "hello", "so ***"]);
  });
});
