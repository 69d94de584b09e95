import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { awsName } from "../../infra/names.ts";
import { addBackendRoles, credentialsOf, type RoleCredentials } from "../support/backend-role.ts";
import { ROOT } from "../support/project-copy.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { environment, synthesizedChat } from "../support/synthesized.ts";

/** Runs a program of the page. Rejects with what it prints as an error, and what to install. */
async function run(command: string, args: readonly string[], { env, cwd = ROOT }: Surroundings): Promise<string> {
  try {
    return (await promisify(execFile)(command, args, { cwd, env: { ...process.env, ...env } })).stdout;
  } catch (fault) {
    const { stderr = String(fault), stdout = "" } = fault as { readonly stderr?: string; readonly stdout?: string };
    throw new Error(
      `${stdout}${stderr}\nThe test needs bash, curl, jq, the aws CLI, and Python 3 with boto3. Install them.`,
    );
  }
}

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const PAGE = readFileSync(join(ROOT, "docs/publish.md"), "utf8");

/** The content of the first block after a heading. */
const blockAfter = (heading: string): string =>
  new RegExp(`^## ${heading}$.*?^\`\`\`\\w+\\n(.*?)^\`\`\`$`, "ms").exec(PAGE)?.[1] ?? "";

const PUBLISH = { publish: { channels: ["ops"], functionUrl: true, eventSource: "acme.ci" } };
const FUNCTION = awsName(environment, "publish");

/* The programs have the credentials of a role with only the documented policy. */
describe("docs/publish.md", () => {
  let chat: EmulatedChat;
  let credentials: RoleCredentials;
  let client: Client;
  before(async () => {
    chat = await startChat(addBackendRoles(synthesizedChat({ environment: PUBLISH })));
    credentials = await credentialsOf("backend", chat);
  });
  after(() => chat.stop());
  beforeEach(async () => {
    client = await connect(chat.url, { subprotocols: ["chat.v1"] });
    client.send({ message: "join", channel: "ops", id: "j-1" });
    await client.next();
  });
  afterEach(() => client.close());

  const aws = () => ({
    AWS_ENDPOINT_URL: chat.endpointUrl,
    AWS_DEFAULT_REGION: environment.region,
    AWS_REGION: environment.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  });

  /** Ignores the presence of other clients. */
  async function nextMessage(): Promise<object> {
    const frame = JSON.parse(await client.next());
    return frame.type === "message" ? frame : nextMessage();
  }

  const expectMessage = async (own: object = {}) =>
    expect(await nextMessage()).to.include({
      ...{ type: "message", channel: "ops", data: "deployed 1.4.2", from: "deploy", publisher: true },
      ...own,
    });

  it("has a curl command that publishes a message", async () => {
    const PUBLISH_URL = `${chat.functionUrls.get(FUNCTION)}publish`;
    const stdout = await run("bash", ["-c", blockAfter("Over HTTP")], { env: { ...aws(), PUBLISH_URL } });
    expect(JSON.parse(stdout).outcomes[0]).to.have.all.keys("id", "messageId");
    await expectMessage();
  });

  it("has a JavaScript program that publishes a message", async () => {
    const program = blockAfter("From JavaScript").replace("chat-prod-publish", FUNCTION).replace("1.4.2", "1.4.3");
    const stdout = await run("node", ["--input-type=module", "--eval", program], { env: aws() });
    expect(stdout).to.match(/^\[ \{ id: 'deploy-1\.4\.2', messageId: '\w{26}' \} \]\n$/);
    await expectMessage({ data: "deployed 1.4.3", from: "publisher" });
  });

  it("has a Python program that publishes a message", async () => {
    const program = blockAfter("From Python").replace("chat-prod-publish", FUNCTION).replaceAll("1.4.2", "1.4.4");
    const printed = await run("python3", ["-c", program], { env: aws() });
    expect(printed).to.match(/^\[\{'id': 'deploy-1\.4\.4', 'messageId': '\w{26}'\}\]\n$/);
    await expectMessage({ data: "deployed 1.4.4" });
  });

  it("has a step of GitHub Actions that publishes a message, and fails if it was not sent", async () => {
    const [, step = ""] = /^- run: \|\n(.*)/s.exec(blockAfter("From GitHub Actions")) ?? [];
    const command = step.replace("chat-prod-publish", FUNCTION);
    const env = { ...aws(), GITHUB_REF_NAME: "1.4.5", GITHUB_RUN_ID: "4711" };
    const surroundings = { env, cwd: temporaryDirectory() };
    await run("bash", ["-e", "-c", command], surroundings);
    await expectMessage({ data: "deployed 1.4.5" });
    const fault = await rejection(run("bash", ["-e", "-c", command.replace('"ops"', '"hr"')], surroundings));
    expect(fault).to.match(/^\{\s+"StatusCode": 200.*^false$/ms);
  });

  it("has a command of the aws CLI that sends an event, which is published", async () => {
    const stdout = await run("bash", ["-c", blockAfter("From EventBridge")], { env: aws() });
    expect(JSON.parse(stdout)).to.have.property("FailedEntryCount", 0);
    await expectMessage({ from: "publisher" });
  });
});
