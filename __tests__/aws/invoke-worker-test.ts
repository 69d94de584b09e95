import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { handOverTo } from "../../aws/invoke-worker.ts";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import { messageFrame } from "../../chat/message.ts";
import { aMessage } from "../support/builders.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

const task = { frame: messageFrame(aMessage()), shard: LOBBY_SHARD, shards: 1 };

describe("aws/invoke-worker", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.stop());

  const handingOver = (traceId: () => string | undefined = () => undefined) =>
    handOverTo({
      functionName: "chat-dev-fan-out",
      endpoint: server.url,
      region: "eu-west-2",
      credentials: localCredentials,
      traceId,
    })(task);

  /** Responds with these statuses in order. Returns the number of requests. */
  function answerWith(...statuses: number[]): () => number {
    let requests = 0;
    server.respond = (_, response) => {
      response.writeHead(statuses[requests] ?? 500, { "x-amzn-errortype": "TooManyRequestsException:http" }).end();
      requests += 1;
    };
    return () => requests;
  }

  it("invokes the function asynchronously, by its name", async () => {
    let seen: unknown;
    server.respond = ({ method, url, headers }, response) => {
      seen = [method, url, headers["x-amz-invocation-type"], headers.authorization?.includes("/eu-west-2/lambda/")];
      response.writeHead(202).end();
    };
    await handingOver();
    expect(seen).to.deep.equal(["POST", "/2015-03-31/functions/chat-dev-fan-out/invocations", "Event", true]);
  });

  it("sends the trace id of the invocation as an unsigned header, and no trace id outside of an invocation", async () => {
    const seen: [traceId: unknown, authorization: string][] = [];
    server.respond = ({ headers }, response) => {
      seen.push([headers["x-amzn-trace-id"], String(headers.authorization)]);
      response.writeHead(202).end();
    };
    const ids = ["Root=1-a;Lineage=1:b:0", "Root=1-c;Lineage=1:b:1"];
    const handOver = () => handingOver(() => ids[seen.length]);
    for (const _ of [...ids, undefined]) await handOver();
    expect(seen.map(([id]) => id)).to.deep.equal([...ids, undefined]);
    for (const [, authorization] of seen) expect(authorization).not.to.include("x-amzn-trace-id");
  });

  it("retries if Lambda is busy, up to three attempts", async () => {
    const requests = answerWith(429, 500, 202);
    await handingOver();
    expect(requests()).to.equal(3);
    const inVain = answerWith(429, 429, 429, 202);
    expect(await rejection(handingOver())).to.equal("Lambda did not accept an event: TooManyRequestsException");
    expect(inVain()).to.equal(3);
  });

  it("does not retry a request that Lambda rejects", async () => {
    const requests = answerWith(403, 202);
    expect(await rejection(handingOver())).to.match(/^Lambda did not accept an event: /);
    expect(requests()).to.equal(1);
  });

  it("names the reason if there is no response", async () => {
    server.respond = ({ socket }) => socket.destroy();
    expect(await rejection(handingOver())).to.match(/^Lambda did not accept an event: SocketError/);
  });
});
