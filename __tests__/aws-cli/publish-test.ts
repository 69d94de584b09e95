import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { connect } from "@serverless-chat/emulator/testing/client";
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

describe("docs/publish.md", () => {
  let chat: EmulatedChat;
  before(async () => {
    chat = await startChat(synthesizedChat({ environment: { publish: { channels: ["ops"] } } }));
  });
  after(() => chat.stop());

  it("has a Python program that publishes a message", async () => {
    const client = await connect(chat.url, { subprotocols: ["chat.v1"] });
    client.send({ message: "join", channel: "ops", id: "j-1" });
    await client.next();
    const page = readFileSync(join(ROOT, "docs/publish.md"), "utf8");
    const [, program = ""] = /```python\n(.*?)```/s.exec(page) ?? [];
    const printed = await python(program.replace("chat-prod-publish", awsName(environment, "publish")), {
      AWS_ENDPOINT_URL_LAMBDA: chat.endpointUrl,
      AWS_DEFAULT_REGION: environment.region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    });
    expect(printed).to.match(/^\[\{'id': 'deploy-1\.4\.2', 'messageId': '\w{26}'\}\]\n$/);
    const frame = { type: "message", channel: "ops", data: "deployed 1.4.2", from: "deploy", publisher: true };
    expect(JSON.parse(await client.next())).to.include(frame);
    await client.close();
  });
});
