import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { archivesIn } from "@serverless-chat/plan-review/archives";
import { markdownOf } from "@serverless-chat/plan-review/render";
import { expect } from "chai";
import { planJson, terraform } from "../../scripts/terraform.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { goldenReview, keepPlan, normalized, type RecordedPlan, reviewOf } from "../support/recorded-plans.ts";
import { type SmallChat, smallChat } from "../support/small-chat.ts";
import { environment, STACK } from "../support/synthesized.ts";
import { NODE_FLAGS } from "../support/terminal.ts";

/** A sensitive value, which no review shows. */
const SECRET = "correct-horse-battery-staple";

const ROUTE =
  '  { key: "wave", entry: "wave", does: "", timeoutSeconds: 10, grants: ["read connections", "push"], settings: [["metricsNamespace", "tableName", "managementEndpoint"]] },';

/** One change each. `npm test` reviews the plans that this test records. */
const CHANGES: Readonly<Record<string, (chat: SmallChat) => void>> = {
  "no-change": () => {},
  "new-route"(chat) {
    chat.edit("handlers/routes.ts", /(?=\n\];\n\n[^\n]*\nexport const workers)/, `\n${ROUTE}`);
    chat.writeHandler("wave", "hello");
  },
  "removed-route": (chat) => chat.edit("handlers/routes.ts", /\n {2}\{ key: "history".*/, ""),
  "widened-permission": (chat) =>
    chat.edit("handlers/routes.ts", '["read messages"]', '["read messages", "remove connections"]'),
  "table-replacement"(chat) {
    chat.edit("infra/constructs/table.ts", 'rangeKey: "sk"', 'rangeKey: "sort"');
    chat.edit("infra/constructs/table.ts", '{ name: "sk"', '{ name: "sort"');
  },
  "code-only": (chat) => chat.writeHandler("history", "nothing was said"),
  throttle: (chat) => chat.edit("infra/environments.ts", "requestsPerSecond: 100", "requestsPerSecond: 200"),
  "shorter-retention": (chat) => chat.edit("infra/environments.ts", "logRetentionDays: 14", "logRetentionDays: 7"),
  "sensitive-setting"(chat) {
    const variable = `new TerraformVariable(this, "token", { sensitive: true, default: "${SECRET}" })`;
    chat.edit("infra/constructs/lambda-function.ts", "import { AssetType,", "import { TerraformVariable, AssetType,");
    const withToken = `variables: { ...variables, TOKEN: ${variable}.stringValue }`;
    chat.edit("infra/constructs/lambda-function.ts", /(?<=environment: \{ )variables(?= \})/, withToken);
  },
};

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the review of a plan", () => {
  const endpoint = process.env.AWS_ENDPOINT_URL as string;
  let proxy: MotoProxy;
  let chat: SmallChat;
  let stack: string;

  before(async () => {
    proxy = await startMotoProxy(endpoint, undefined, { folder: () => chat?.folder });
    process.env.AWS_ENDPOINT_URL = proxy.url;
    chat = smallChat();
    stack = join(chat.folder, "cdktf.out/stacks", STACK);
    await node(["main.ts"]);
    await terraform(stack, ["init", "-input=false"]);
    Object.assign(process.env, await proxy.providers.variablesFor(stack));
  });
  afterEach(() => chat.restore());
  after(async () => {
    process.env.AWS_ENDPOINT_URL = endpoint;
    delete process.env.TF_REATTACH_PROVIDERS;
    await proxy.stop();
  });

  /** Runs a file of the copy. Returns its exit code and its output. */
  const node = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Printed> =>
    promisify(execFile)(process.execPath, [...NODE_FLAGS, ...args], {
      cwd: chat.folder,
      env: { ...process.env, ...env },
    }).then(
      (printed) => ({ code: 0, ...printed }),
      (fault) => fault,
    );

  /** Synthesizes the copy as it is now, and plans it. */
  async function record(...flags: string[]): Promise<RecordedPlan> {
    await node(["main.ts"]);
    const plan = normalized(await planJson(stack, flags));
    const names = new Set([...JSON.stringify(plan).matchAll(/assets\/[\w/-]+\.zip/g)].map(([name]) => name));
    const sizes = [...names].map((name) => [name, archivesIn(stack)(name)] as const);
    return { plan, archiveBytes: Object.fromEntries(sizes) };
  }

  function expectGolden(name: string, recorded: RecordedPlan): void {
    keepPlan(name, recorded);
    const markdown = markdownOf(reviewOf(recorded));
    expect(markdown).to.equal(goldenReview(name, markdown));
  }

  it("matches the recorded review of the first deployment", async () => {
    expectGolden("first-deploy", await record());
  });

  describe("of a deployed stack", () => {
    before(async () => {
      await terraform(stack, ["apply", "-auto-approve", "-input=false"]);
      // Without a refresh, the values that AWS fills in appear as drift.
      await terraform(stack, ["apply", "-refresh-only", "-auto-approve", "-input=false"]);
    });
    after(() => terraform(stack, ["destroy", "-auto-approve", "-input=false"]));

    for (const [name, change] of Object.entries(CHANGES)) {
      it(`matches the recorded review of ${name.replaceAll("-", " ")}`, async () => {
        change(chat);
        expectGolden(name, await record());
      });
    }

    it("matches the recorded review of its destruction", async () => {
      expectGolden("destroy", await record("-destroy"));
    });

    it("reports changes outside of Terraform", async () => {
      const logGroupName = `/aws/lambda/${STACK}-history`;
      const policy = { RoleName: `${STACK}-history`, PolicyName: "by-hand" };
      const client = { endpoint: proxy.url, region: environment.region };
      const [logs, iam] = [new CloudWatchLogsClient(client), new IAMClient(client)];
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 3 }));
      const Statement = [{ Effect: "Allow", Action: "dynamodb:*", Resource: "*" }];
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
      await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
      const recorded = await record();
      await iam.send(new DeleteRolePolicyCommand(policy));
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: environment.logRetentionDays }));
      expectGolden("drift", recorded);
    });

    it("is printed by npm run plan, with exit code 0 if no data is lost", async () => {
      const { code, stdout } = await node(["scripts/plan.ts", "--markdown", "--guard"]);
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: goldenReview("no-change") });
    });

    it("makes npm run plan --guard exit with 3 if a table would be replaced", async () => {
      CHANGES["table-replacement"]?.(chat);
      const guarded = await node(["scripts/plan.ts", "--guard"]);
      expect(guarded.code, guarded.stderr).to.equal(3);
    });

    it("reports errors of Terraform, with advice", async () => {
      const noCredentials = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_EC2_METADATA_DISABLED: "true" };
      // The attached provider has credentials, so the command starts a provider of its own.
      const nobody = { ...noCredentials, TF_REATTACH_PROVIDERS: undefined };
      const { code, stderr } = await node(["scripts/plan.ts"], nobody);
      expect(code).to.equal(1);
      expect(stderr).to.match(/Error: No valid credential sources found.*check the AWS credentials/s);
    });
  });
});
