import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { goldenReview, recordedPlan } from "../support/recorded-plans.ts";
import { type Consumer, installedTarball } from "../support/tarball.ts";

describe("packages/plan-review, installed from its tarball", () => {
  let consumer: Consumer;
  before(() => {
    consumer = installedTarball("plan-review");
  });

  it("turns a plan on standard input into a review", () => {
    const review = execFileSync("npx", ["--no-install", "serverless-chat-plan-review", "--stack", "chat-dev"], {
      cwd: consumer.folder,
      input: JSON.stringify(recordedPlan("throttle").plan),
      encoding: "utf8",
    });
    expect(review).to.equal(goldenReview("throttle"));
  });

  it("has types for everything that it exports", () => {
    consumer.compile(`
      import { losesData, type Review, review } from "@serverless-chat/plan-review";
      import { archivesIn } from "@serverless-chat/plan-review/archives";
      import { markdownOf } from "@serverless-chat/plan-review/render";
      import { type Plan, readPlan } from "@serverless-chat/plan-review/plan";
      import { prices } from "@serverless-chat/plan-review/prices";
      import { terminalTextOf } from "@serverless-chat/plan-review/render";

      const plan: Plan = readPlan("{}");
      const reviewed: Review = review({ stack: "chat", plan, prices, archiveBytes: archivesIn(".") });
      const lost: boolean = losesData(reviewed);
      export const texts: readonly string[] = [markdownOf(reviewed), terminalTextOf(reviewed, (text) => text), \`\${lost}\`];
    `);
  });
});
