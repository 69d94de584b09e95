import { expect } from "chai";
import { environmentSchema } from "../../infra/settings/settings.ts";
import { type ChangingEnvironment, changingEnvironment } from "../support/changing-environment.ts";
import { ENABLED } from "../support/environments.ts";
import { EVERYTHING, MODERATED } from "../support/synthesized.ts";

/** Another value of each setting that every environment has. */
const CHANGED = {
  stageName: "v2",
  throttle: { requestsPerSecond: 20, burst: 10 },
  throttleQuota: { requestsPerSecond: 20_000, burst: 10_000 },
  logRetentionDays: 90,
  logLevel: "DEBUG",
  messageRetentionDays: 7,
  presenceMembersMax: 10,
  functionMemoryMegabytes: 512,
};

/** Settings that no environment has by default. */
const ADDED = {
  ownMessageMinutes: 15,
  directConversations: true,
  lastingMembership: true,
  unreadCounts: true,
  reactions: true,
  readReceipts: true,
  publish: { channels: ["ops"], functionUrl: true, eventSource: "acme.ci" },
  review: {
    functionArn: "arn:aws:lambda:eu-west-2:999999999999:function:review",
    timeoutMilliseconds: 500,
    onFailure: "deny",
  },
};

const ALL = { ...ENABLED, ...EVERYTHING, ...MODERATED, ...CHANGED, ...ADDED };

/**
 * The name, the place of the state and the page have their own tests, and another region is another deployment. Another
 * runtime is refused by the oldest version of the provider.
 */
const ELSEWHERE = ["name", "remoteState", "region", "website", "functionRuntime"];

describe("a deployed environment with other settings", () => {
  let environment: ChangingEnvironment;

  before(async () => {
    environment = await changingEnvironment("999999999999");
  });
  after(() => environment.stop());

  it("changes every setting", () => {
    expect(Object.keys(environmentSchema.entries)).to.have.members([...Object.keys(ALL), ...ELSEWHERE]);
  });

  it("is deployed with the default settings", () => environment.apply({}));
  it("accepts every setting at once, and has an empty plan afterwards", () => environment.apply(ALL));
  it("removes all of them except the stage, and has an empty plan afterwards", () =>
    environment.apply({ stageName: CHANGED.stageName }));
  it("renames its stage, and changes its tags", () => environment.apply({ tags: { team: "platform", cost: "7" } }));

  it("accepts another name, with the state of the former name", async () => {
    environment.rename("staging");
    await environment.apply({});
  });

  it("leaves no resources after it is destroyed", () => environment.destroy());
});
