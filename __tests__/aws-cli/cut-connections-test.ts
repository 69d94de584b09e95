import { execFile } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect as connectTo, createServer, type Server, type Socket } from "node:net";
import { promisify } from "node:util";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { connect } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { awsName } from "../../infra/names.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { environment, synthesizedChat } from "../support/synthesized.ts";

const MESSAGES = 1_000;
const BATCH = 100;

/** Repeats the messages without a message id until each has one. Prints the number of requests. */
const BACKEND = `
import json, sys
import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

function, count, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
texts = ["message %d" % index for index in range(count)]
requests = 0
for start in range(0, count, batch):
    left = [{"channel": "lobby", "data": text, "id": text} for text in texts[start:start + batch]]
    while left:
        requests += 1
        # A new client has no open connection, so the proxy can cut each request.
        client = boto3.session.Session().client("lambda", config=Config(retries={"total_max_attempts": 1}))
        try:
            response = client.invoke(FunctionName=function, Payload=json.dumps({"messages": left}))
            outcomes = json.load(response["Payload"])["outcomes"]
        except (BotoCoreError, ValueError):
            continue
        done = {outcome["id"] for outcome in outcomes if "messageId" in outcome}
        left = [message for message in left if message["id"] not in done]
print(requests)
`;

/** Closes two of three connections: one before the request arrives, one in place of the response. */
async function startCuttingProxy(target: string): Promise<{ readonly server: Server; readonly url: string }> {
  let connections = 0;
  const server = createServer((socket) => {
    const turn = connections++ % 3;
    if (turn === 0) {
      socket.destroy();
      return;
    }
    const upstream = connectTo(Number(new URL(target).port), "127.0.0.1");
    const end = (): Socket[] => [socket.destroy(), upstream.destroy()];
    for (const each of [socket, upstream]) each.on("error", end).on("close", end);
    socket.pipe(upstream);
    if (turn === 1) upstream.once("data", end);
    else upstream.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("a backend in Python behind a proxy that cuts connections", () => {
  let chat: EmulatedChat;
  before(async () => {
    chat = await startChat(synthesizedChat({ environment: { publish: { channels: ["lobby"] } } }));
  });
  after(() => chat.stop());

  it("publishes 1,000 messages, each of which the members get once", async () => {
    const proxy = await startCuttingProxy(chat.endpointUrl);
    const client = await connect(chat.url);
    const { accessKeyId, secretAccessKey } = localCredentials();
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: proxy.url,
      AWS_DEFAULT_REGION: environment.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const args = ["-c", BACKEND, awsName(environment, "publish"), String(MESSAGES), String(BATCH)];
    const { stdout } = await promisify(execFile)("python3", args, { env });
    const all = Array.from({ length: MESSAGES }, (_, index) => `message ${index}`);
    const received = await client.untilEcho();
    expect(Number(stdout)).to.be.above(MESSAGES / BATCH);
    expect(received).to.deep.equal(all);
    await client.close();
    proxy.server.close();
  });
});
