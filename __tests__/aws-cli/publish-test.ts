import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Client, connect } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { awsName } from "../../infra/names.ts";
import { ROOT } from "../support/project-copy.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { environment, synthesizedChat } from "../support/synthesized.ts";

/** Runs a Python program with boto3. Rejects with what to install if it is missing. */
async function python(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    return (await promisify(execFile)("python3", ["-c", program], { env: { ...process.env, ...env } })).stdout;
  } catch (fault) {
    const { stderr = String(fault) } = fault as { stderr?: string };
    throw new Error(`${stderr.trim()}\nThe test needs Python 3 with boto3. Install it: pip install boto3.`);
  }
}

const PAGE = readFileSync(join(ROOT, "docs/publish.md"), "utf8");

describe("docs/publish.md", () => {
  let chat: EmulatedChat;
  before(async () => {
    chat = await startChat(
      synthesizedChat({ environment: { publish: { channels: ["ops"], eventSource: "acme.ci" } } }),
    );
  });
  after(() => chat.stop());

  const aws = () => ({
    AWS_ENDPOINT_URL: chat.endpointUrl,
    AWS_DEFAULT_REGION: environment.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });

  async function memberOfOps() {
    const client = await connect(chat.url, { subprotocols: ["chat.v1"] });
    client.send({ message: "join", channel: "ops", id: "j-1" });
    await client.next();
    return client;
  }

  /** Ignores the presence of other clients. */
  async function nextMessage(client: Client): Promise<object> {
    const frame = JSON.parse(await client.next());
    return frame.type === "message" ? frame : nextMessage(client);
  }

  it("has a Python program that publishes a message", async () => {
    const client = await memberOfOps();
    const [, program = ""] = /```python\n(.*?)```/s.exec(PAGE) ?? [];
    const printed = await python(program.replace("chat-prod-publish", awsName(environment, "publish")), aws());
    expect(printed).to.match(/^\[\{'id': 'deploy-1\.4\.2', 'messageId': '\w{26}'\}\]\n$/);
    const frame = { type: "message", channel: "ops", data: "deployed 1.4.2", from: "deploy", publisher: true };
    expect(await nextMessage(client)).to.include(frame);
    await client.close();
  });

  it("has a command of the aws CLI that sends an event, which is published", async () => {
    const client = await memberOfOps();
    const [, entries = ""] = /^aws events put-events --entries '(.*)'$/m.exec(PAGE) ?? [];
    const args = ["events", "put-events", "--entries", entries];
    const { stdout } = await promisify(execFile)("aws", args, { env: { ...process.env, ...aws() } });
    expect(JSON.parse(stdout)).to.have.property("FailedEntryCount", 0);
    const frame = { type: "message", channel: "ops", data: "deployed 1.4.2", from: "publisher", publisher: true };
    expect(await nextMessage(client)).to.include(frame);
    await client.close();
  });
});
