import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { policyViolations } from "@serverless-chat/emulator/iam/policy-rules";
import { type ResolvedStack, resolvedStack } from "@serverless-chat/emulator/terraform/resolved-stack";
import { resolvedFindings, sentence, unresolvedFindings } from "@serverless-chat/emulator/terraform/rules";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { App } from "cdktf";
import { expect } from "chai";
import { services } from "../../chatops/services.ts";
import { BootstrapStack } from "../../infra/bootstrap-stack.ts";
import { environments } from "../../infra/environments.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { addFixture } from "../conformance/fixture/probe-stack.ts";
import { ENABLED, PARTITIONS } from "../support/environments.ts";
import { EVERYTHING, ISSUER, MODERATED, synthesizedChat, WEBSITE } from "../support/synthesized.ts";

const BUCKET = { name: "chat-state-123456789012", region: "eu-west-2" };

const CHATS: Readonly<Record<string, Partial<Environment>>> = {
  ...Object.fromEntries(environments.map((environment) => [environment.name, environment])),
  "every setting": { ...EVERYTHING, remoteState: true },
  "tracing alone": { tracing: true },
  "tokens and moderators": { authentication: ISSUER, ...MODERATED },
  "a user pool": { authentication: { kind: "cognito", closeAtTokenExpiry: true } },
  "a page": WEBSITE,
  "IAM signatures": { authentication: { kind: "iam" } },
  ...Object.fromEntries(
    services.map(({ key }) => [
      `the service ${key}`,
      { ...ENABLED, tracing: true, chatOps: { ...ENABLED.chatOps, services: { [key]: {} }, ownKmsKey: true } },
    ]),
  ),
  ...PARTITIONS,
  everything: {
    ...{ ...EVERYTHING, ...MODERATED, ...ENABLED },
    chatOps: { ...ENABLED.chatOps, ownKmsKey: true },
  },
};

/** Environments with access logs, for which the account needs a role. */
const LOGGED = environments.map((environment) => ({ ...environment, accessLog: true }));

/** The folders of an app's stacks. */
function synthesized(add: (app: App) => void): string[] {
  const app = new App({ outdir: temporaryDirectory() });
  add(app);
  app.synth();
  return app.node.children.map(({ node }) => join(app.outdir, "stacks", node.id));
}

const folders = (): readonly (readonly [name: string, folder: string])[] => [
  ...Object.entries(CHATS).map(([name, environment]) => {
    const stateBucket = environment.remoteState ? { stateBucket: BUCKET } : {};
    return [name, synthesizedChat({ environment, ...stateBucket })] as const;
  }),
  ...synthesized((app) => void new BootstrapStack(app, { stateBucket: BUCKET, environments: LOGGED })).map(
    (folder) => ["bootstrap", folder] as const,
  ),
  ...synthesized(addFixture).map((folder) => [folder.split("/").at(-1) ?? "", folder] as const),
  ["guestbook", fileURLToPath(new URL("../fixtures/guestbook", import.meta.url))],
];

/** Characters without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const TRUST_CHARACTERS_MAX = 2048;

describe("infra, checked against AWS's rules", () => {
  let stacks: readonly (readonly [name: string, ResolvedStack])[] = [];
  before(function () {
    this.timeout(120_000);
    stacks = folders().map(([name, folder]) => [name, resolvedStack(folder)]);
  });

  /** The problems of all stacks, each with the name of the stack. */
  const problemsOfAll = async (problems: (stack: ResolvedStack) => Promise<readonly string[]>): Promise<string[]> => {
    const found = stacks.map(async ([name, stack]) => (await problems(stack)).map((problem) => `${name}: ${problem}`));
    return (await Promise.all(found)).flat();
  };

  it("has only valid policies, with existing actions and condition keys", async () => {
    const wrong = await problemsOfAll(async ({ documents }) => {
      const perDocument = documents.map(async ({ address, kind, document }) =>
        (await policyViolations(document, kind)).map(({ place, problem }) => `${address}, ${place}: ${problem}`),
      );
      return (await Promise.all(perDocument)).flat();
    });
    expect(wrong).to.deep.equal([]);
  });

  it("checks policies of every kind", () => {
    const kinds = stacks.flatMap(([, { documents }]) =>
      documents.map(({ kind, address }) => (kind === "resource" ? (address.split(".")[0] ?? "") : kind)),
    );
    expect(new Set(kinds)).to.include.all.keys("identity", "trust", "aws_sns_topic_policy", "aws_s3_bucket_policy");
  });

  it("creates permissions before the resources that need them, and has only valid tags", async () => {
    expect(
      await problemsOfAll(async ({ configuration }) => unresolvedFindings(configuration).map(sentence)),
    ).to.deep.equal([]);
  });

  it("has only names, values and combinations that AWS accepts", async () => {
    expect(
      await problemsOfAll(async ({ resources }) => (await resolvedFindings(resources)).map(sentence)),
    ).to.deep.equal([]);
  });

  it("has trust policies within IAM's quota", async () => {
    const long = await problemsOfAll(async ({ documents }) =>
      documents
        .filter(
          ({ kind, document }) => kind === "trust" && document.replaceAll(/\s/g, "").length > TRUST_CHARACTERS_MAX,
        )
        .map(({ address }) => address),
    );
    expect(long).to.deep.equal([]);
  });
});
