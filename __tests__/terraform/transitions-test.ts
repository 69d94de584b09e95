import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../infra/settings.ts";
import { giveLogsRole } from "../support/account-logs-role.ts";
import { ENABLED } from "../support/chatops/enabled.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto-proxy.ts";
import { projectCopy } from "../support/project-copy.ts";
import { EVERYTHING, ISSUER, MODERATED, STACK } from "../support/synthesized.ts";
import { changesNothing, succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";

const ACCOUNT = "888888888888";

const OFF = {
  authentication: { kind: "none" },
  tracing: false,
  dashboard: false,
  accessLog: false,
  tags: {},
} satisfies Partial<Environment>;

/** Without what cannot be deleted, or needs a hosted zone. */
const { domain: _, deletionProtection: __, ...WATCHED } = EVERYTHING;

const OWN_KEY = { ...WATCHED, ...MODERATED, chatOps: { ...ENABLED.chatOps, ownKmsKey: true } };

/** A path on which each setting goes on and off again, and each kind of authentication follows another. */
const STEPS: readonly (readonly [title: string, settings: Partial<Environment>])[] = [
  ["everything off", OFF],
  [
    "everything on, with authentication by jwt and keys of its own",
    {
      ...OWN_KEY,
      authentication: { ...ISSUER, closeAtTokenExpiry: true },
      throttle: { requestsPerSecond: 7, burst: 3 },
      logRetentionDays: 3653,
      logLevel: "DEBUG",
      functionMemoryMegabytes: 1024,
      messageRetentionDays: 1,
      tags: { team: "chat", "cost center": "x@y.z" },
    },
  ],
  [
    "AWS's keys, authentication by cognito, without tracing, with other tags",
    {
      ...WATCHED,
      authentication: { kind: "cognito" },
      chatOps: { ...ENABLED.chatOps, ownKmsKey: false },
      tracing: false,
      tags: { owner: "chat" },
      logLevel: "WARN",
    },
  ],
  ["authentication by iam, with access logs alone", { ...OFF, authentication: { kind: "iam" }, accessLog: true }],
  ["everything off again", OFF],
];

describe("an environment whose settings change", () => {
  let proxy: MotoProxy;
  let project: TerraformProject;
  let settings: string;
  let original: string;

  before(async () => {
    const options = { folder: () => project?.folder };
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, ACCOUNT, options);
    await giveLogsRole(proxy.url, ACCOUNT);
    project = terraformProject(projectCopy(), proxy.url);
    settings = join(project.folder, "infra", "environments.ts");
    original = readFileSync(settings, "utf8");
    await succeeds(project.synthesize());
    await succeeds(project.terraform(STACK, "init", "-input=false"));
  });
  after(() => proxy.stop());

  for (const [title, own] of STEPS) {
    it(`is applied, and has nothing to change right after: ${title}`, async () => {
      writeFileSync(settings, original);
      appendFileSync(settings, `Object.assign(environments[0] as object, ${JSON.stringify(own)});\n`);
      await succeeds(project.synthesize());
      await succeeds(project.terraform(STACK, "apply", "-auto-approve", "-input=false", "-no-color"));
      await changesNothing(project, STACK);
    });
  }

  it("is destroyed", async () => {
    await succeeds(project.terraform(STACK, "destroy", "-auto-approve", "-input=false", "-no-color"));
  });
});
