import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import aws4 from "aws4";
import { expect } from "chai";
import { PROJECT } from "../../infra/environments.ts";
import { type MotoProxy, startMotoProxy } from "../support/moto/proxy.ts";
import { type SmallChat, smallChat } from "../support/small-chat.ts";
import { environment } from "../support/synthesized.ts";
import { succeeds, type TerraformProject, terraformProject } from "../support/terraform-project.ts";
import { job, step } from "../support/workflows.ts";

const SETTINGS = "infra/environments.ts";
const BUCKET = "chat-pipeline-state";
/** Different from the name in other tests, because moto remembers the tags of deleted resources. */
const NAME = "piped";
const STACK = `${PROJECT}-${NAME}`;
const COMMIT = "5f1c0de5f1c0de5f1c0de5f1c0de5f1c0de5f1c0";

interface Ran {
  readonly code: number;
  readonly output: string;
  /** The outputs of the step, from GITHUB_OUTPUT. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The runner of a job: the folder of its checkout, and the values of the expressions in its workflow. */
interface Runner {
  readonly folder: string;
  readonly temp: string;
  readonly expressions: Record<string, string>;
}

const aRunner = (folder = temporaryDirectory()): Runner => ({
  folder,
  temp: temporaryDirectory(),
  expressions: {
    "inputs.environment": NAME,
    "vars.PLAN_ENVIRONMENT || 'dev'": NAME,
    "inputs.data-may-be-lost": "false",
  },
});

describe("the commands of the workflows", () => {
  let proxy: MotoProxy;
  let chat: SmallChat;
  let project: TerraformProject;
  /** The artifact of the plan, and the output of its job. */
  let artifact: string;
  let checksum: string;

  before(async () => {
    proxy = await startMotoProxy(process.env.AWS_ENDPOINT_URL as string, "666666666666");
    chat = smallChat();
    project = terraformProject(chat.folder, proxy);
    chat.edit(SETTINGS, "= undefined", `= { name: "${BUCKET}", region: "${environment.region}" }`);
    chat.edit(SETTINGS, 'name: "dev",', `name: "${NAME}", remoteState: true,`);
    await createBucket(proxy.url);
  });
  after(() => proxy.stop());

  /** Runs a step of a job as GitHub does, with the expressions in its environment replaced. */
  async function run([file, name, title]: readonly [string, string, string], runner: Runner): Promise<Ran> {
    const found = job(file, name);
    const { run: script = "", env = {} } = step(found, title);
    const output = join(runner.temp, "output");
    writeFileSync(output, "");
    const valueIn = (_: string, expression: string): string => {
      const value = runner.expressions[expression];
      if (value === undefined) throw new Error(`The test has no value for ${expression}.`);
      return value;
    };
    const given = Object.entries({ ...found.env, ...env }).map(([key, value]) => [
      key,
      value.replaceAll(/\$\{\{ (.*?) \}\}/g, valueIn),
    ]);
    const options = {
      cwd: runner.folder,
      env: {
        ...process.env,
        ...Object.fromEntries(given),
        AWS_ENDPOINT_URL: proxy.url,
        // Node.js 24 needs no tsx; the version that runs the tests may.
        NODE_OPTIONS: `--import ${import.meta.resolve("tsx")}`,
        RUNNER_TEMP: runner.temp,
        GITHUB_SHA: COMMIT,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(runner.temp, "summary"),
      },
    };
    const { code, stdout, stderr } = await promisify(execFile)(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", script],
      options,
    ).then(
      (printed) => ({ code: 0, ...printed }),
      (fault) => fault,
    );
    const outputs = Object.fromEntries(
      readFileSync(output, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split("=")),
    );
    return { code, output: stdout + stderr, outputs };
  }

  async function runs(which: readonly [string, string, string], runner: Runner): Promise<Ran> {
    const ran = await run(which, runner);
    expect(ran.code, ran.output).to.equal(0);
    return ran;
  }

  /** A plan job that has downloaded the stacks, up to its review. */
  async function planned(file: "deploy.yml" | "plan.yml"): Promise<Runner> {
    const runner = aRunner(chat.folder);
    await succeeds(project.synthesize());
    cpSync(join(chat.folder, "cdktf.out/stacks"), join(runner.temp, "stacks"), { recursive: true });
    const { outputs } = await runs([file, "plan", "Check the stack"], runner);
    runner.expressions["steps.stack.outputs.folder"] = outputs.folder as string;
    await runs([file, "plan", "Plan"], runner);
    return runner;
  }

  /** An apply job that has downloaded the artifact. */
  function anApplyJob(): Runner {
    const runner = aRunner();
    copyFileSync(artifact, join(runner.folder, "deployment.tar"));
    runner.expressions["needs.plan.outputs.checksum"] = checksum;
    return runner;
  }

  it("plan, review and pack a deployment, and print only the review", async () => {
    const runner = await planned("deploy.yml");
    const { output } = await runs(["deploy.yml", "plan", "Review"], runner);
    expect(output).to.match(/^<!-- plan of chat-piped -->\n.*\d+ to add/s);
    expect(readFileSync(join(runner.temp, "summary"), "utf8")).to.equal(output);
    const packed = await runs(["deploy.yml", "plan", "Pack"], runner);
    expect(packed.outputs.checksum).to.match(/^[0-9a-f]{64}$/);
    artifact = join(runner.temp, "deployment.tar");
    copyFileSync(join(chat.folder, "deployment.tar"), artifact);
    checksum = packed.outputs.checksum as string;
  });

  it("refuse an artifact that does not match the plan", async () => {
    const runner = anApplyJob();
    const tar = join(runner.folder, "deployment.tar");
    const bytes = readFileSync(tar);
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
    writeFileSync(tar, bytes);
    const { code, output } = await run(["deploy.yml", "apply", "Verify"], runner);
    expect(code).to.equal(1);
    expect(output).to.include("deployment.tar: FAILED");
  });

  it("refuse an artifact without a checksum", async () => {
    const runner = anApplyJob();
    runner.expressions["needs.plan.outputs.checksum"] = "";
    expect((await run(["deploy.yml", "apply", "Verify"], runner)).code).to.equal(1);
  });

  it("refuse a plan of another commit", async () => {
    const runner = anApplyJob();
    const content = temporaryDirectory();
    const tar = join(runner.folder, "deployment.tar");
    writeFileSync(join(content, "commit"), "0ther");
    await promisify(execFile)("tar", ["--create", "--file", tar, "--directory", content, "."]);
    const { stdout } = await promisify(execFile)("sha256sum", [tar]);
    runner.expressions["needs.plan.outputs.checksum"] = stdout.split(" ")[0] as string;
    const { code, output } = await run(["deploy.yml", "apply", "Verify"], runner);
    expect(code).to.equal(1);
    expect(output).to.include(`The plan is of commit 0ther, but this run is of commit ${COMMIT}.`);
  });

  it("apply the same plan in another folder, without the project", async () => {
    const runner = anApplyJob();
    await runs(["deploy.yml", "apply", "Verify"], runner);
    const { output } = await runs(["deploy.yml", "apply", "Apply"], runner);
    expect(output).to.match(/Apply complete! Resources: [1-9]\d* added, 0 changed, 0 destroyed/);
    const env = { ...process.env, AWS_ENDPOINT_URL: proxy.url };
    const plan = ["-chdir=deployment", "plan", "-detailed-exitcode", "-input=false", "-lock=false"];
    const { stdout } = await promisify(execFile)("terraform", plan, { cwd: runner.folder, env });
    expect(stdout).to.include("No changes.");
  });

  it("refuse a plan that is stale because of another apply", async () => {
    const runner = anApplyJob();
    await runs(["deploy.yml", "apply", "Verify"], runner);
    const { code, output } = await run(["deploy.yml", "apply", "Apply"], runner);
    expect(code).to.equal(1);
    expect(output).to.include("Saved plan is stale");
  });

  it("review a pull request", async () => {
    chat.edit("handlers/routes.ts", '["read messages"]', '["read messages", "remove connections"]');
    const runner = await planned("plan.yml");
    expect((await runs(["plan.yml", "plan", "Review"], runner)).outputs).to.deep.equal({ guard: "0" });
    expect(readFileSync(join(chat.folder, "review.md"), "utf8")).to.include("may now `dynamodb:DeleteItem`");
  });

  it("stop if a table would be replaced, unless the operator allows it", async () => {
    chat.edit("infra/constructs/table.ts", 'rangeKey: "sk"', 'rangeKey: "sort"');
    chat.edit("infra/constructs/table.ts", '{ name: "sk"', '{ name: "sort"');
    const runner = await planned("plan.yml");
    expect((await runs(["plan.yml", "plan", "Review"], runner)).outputs).to.deep.equal({ guard: "3" });
    expect((await run(["deploy.yml", "plan", "Review"], runner)).code).to.equal(3);
    runner.expressions["inputs.data-may-be-lost"] = "true";
    expect((await run(["deploy.yml", "plan", "Review"], runner)).code).to.equal(0);
  });

  it("reject a stack that would run code before Terraform reads it", async () => {
    const runner = aRunner(chat.folder);
    const folder = join(runner.temp, "stacks", STACK);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ data: { external: {} } }, null, 2));
    const { code, output, outputs } = await run(["plan.yml", "plan", "Check the stack"], runner);
    expect({ code, outputs }).to.deep.equal({ code: 1, outputs: {} });
    expect(output).to.include("It has the data source external;");
  });
});

/** Creates the bucket of the state, as `cdktf deploy chat-bootstrap` does. */
async function createBucket(url: string): Promise<void> {
  const body = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${environment.region}</LocationConstraint></CreateBucketConfiguration>`;
  const request = {
    service: "s3",
    region: environment.region,
    host: new URL(url).host,
    method: "PUT",
    path: `/${BUCKET}`,
    body,
  };
  const { headers } = aws4.sign(request, { accessKeyId: "test", secretAccessKey: "test" });
  const answer = await fetch(`${url}/${BUCKET}`, {
    method: "PUT",
    body,
    headers: { Authorization: String(headers?.Authorization) },
  });
  expect(answer.status, await answer.text()).to.equal(200);
}
