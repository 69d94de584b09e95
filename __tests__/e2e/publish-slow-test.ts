import { once } from "node:events";
import { type AddressInfo, connect as connectTo, createServer, type Server, type Socket } from "node:net";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { connect } from "@serverless-chat/emulator/testing/client";
import { expect } from "chai";
import { awsName } from "../../infra/names.ts";
import { type EmulatedChat, startChat } from "../support/running-chat.ts";
import { environment, synthesizedChat } from "../support/synthesized.ts";

const MESSAGES = 1_000;
const BATCH = 100;

interface Outcome {
  readonly id: string;
  readonly messageId?: string;
}

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

describe("a backend behind a proxy that cuts connections", () => {
  let chat: EmulatedChat;
  before(async () => {
    chat = await startChat(synthesizedChat({ environment: { publish: { channels: ["lobby"] } } }));
  });
  after(() => chat.stop());

  it("publishes 1,000 messages, each of which the members get once", async () => {
    const proxy = await startCuttingProxy(chat.endpointUrl);
    const client = await connect(chat.url);
    let requests = 0;
    /** Repeats the messages without a message id, in new connections, until each has one. */
    async function publish(messages: readonly { readonly id: string }[]): Promise<void> {
      for (let left = messages; left.length > 0; ) {
        requests += 1;
        const endpoint = { region: environment.region, endpoint: proxy.url, credentials: localCredentials() };
        const lambda = new LambdaClient({ ...endpoint, maxAttempts: 1 });
        const Payload = JSON.stringify({ messages: left });
        const sent = lambda.send(new InvokeCommand({ FunctionName: awsName(environment, "publish"), Payload }));
        const response = await sent.catch(() => undefined);
        lambda.destroy();
        const outcomes: Outcome[] = JSON.parse(response?.Payload?.transformToString() ?? '{"outcomes":[]}').outcomes;
        const done = new Set(outcomes.filter(({ messageId }) => messageId !== undefined).map(({ id }) => id));
        left = left.filter(({ id }) => !done.has(id));
      }
    }
    const all = Array.from({ length: MESSAGES }, (_, index) => `message ${index}`);
    for (let from = 0; from < MESSAGES; from += BATCH) {
      await publish(all.slice(from, from + BATCH).map((data) => ({ channel: "lobby", data, id: data })));
    }
    const received = await client.untilEcho();
    expect(requests).to.be.above(MESSAGES / BATCH);
    expect(received).to.deep.equal(all);
    await client.close();
    proxy.server.close();
  });
});
