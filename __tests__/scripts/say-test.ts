import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { connect } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { awsName } from "../../infra/names.ts";
import { readSayFlags } from "../../scripts/say/flags.ts";
import { projectCopy } from "../support/project-copy.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { environment, synthesizedChat } from "../support/synthesized.ts";
import { run } from "../support/terminal.ts";

const PUBLISH = { publish: { channels: ["ops", "lobby"] } };
const SELF = { ...environment, ...PUBLISH };

describe("scripts/say", () => {
  let chat: EmulatedChat;
  before(async () => {
    chat = await startChat(synthesizedChat({ environment: PUBLISH }));
  });
  after(() => chat.stop());

  it("sends a message to the members of a channel, once for each id, and prints its id", async () => {
    const client = await connect(chat.url, { subprotocols: ["chat.v1"] });
    const command = { cwd: projectCopy({ environment: PUBLISH }), script: "scripts/say.ts" };
    const flags = ["--endpoint", chat.endpointUrl, "--channel", "lobby", "--from", "deploy", "--id", "d-1"];
    const { code, stdout, stderr } = await run(command, ...flags, "deployed 1.4.2");
    const frame = JSON.parse(await client.next());
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: `${frame.id}\n`, stderr: "" });
    expect(frame).to.include({ from: "deploy", data: "deployed 1.4.2", publisher: true });
    const lambda = new LambdaClient({
      ...{ region: environment.region, endpoint: chat.endpointUrl, credentials: localCredentials() },
    });
    const messages = [
      { channel: "lobby", data: "deployed 1.4.2", from: "deploy", id: "d-1" },
      { channel: "secrets", data: "hi", id: "d-2" },
    ];
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: awsName(environment, "publish"), Payload: JSON.stringify({ messages }) }),
    );
    const { outcomes } = JSON.parse(Payload?.transformToString() ?? "");
    expect(outcomes[0]).to.deep.equal({ id: "d-1", messageId: frame.id, repeated: true });
    expect(outcomes[1]).to.have.nested.property("error.code", "channel-not-allowed");
    client.send({ message: "history", id: "h-1" });
    const history = JSON.parse(await client.next());
    expect(history.messages).to.deep.equal([frame]);
    lambda.destroy();
    await client.close();
  });

  it("explains flags that are missing, and environments without the setting", () => {
    for (const [args, message] of [
      [["--channel", "ops"], "The command has no text; it needs one."],
      [["--channel", "ops", "deployed", "1.4.2"], "The command has 2 texts; it needs one."],
      [["hi"], "The command needs either --channel or --user"],
      [["--channel", "ops", "--user", "anna", "hi"], "The command needs either --channel or --user"],
    ] as const) {
      expect(() => readSayFlags(args, [SELF]), args.join(" ")).to.throw(message);
    }
    const valid = ["--channel", "ops", "hi"];
    expect(() => readSayFlags(valid, [environment])).to.throw("No environment has the setting publish.");
    expect(() => readSayFlags(["--environment", "dev", ...valid], [environment])).to.throw(
      'The environment "dev" does not have the setting publish. Add it in infra/environments.ts and deploy',
    );
  });
});
