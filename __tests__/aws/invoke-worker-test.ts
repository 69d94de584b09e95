import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { expect } from "chai";
import { undiciTransport } from "../../aws/http/undici-transport.ts";
import { handOverTo } from "../../aws/invoke-worker.ts";
import { LOBBY_SHARD } from "../../chat/channel.ts";
import { messageFrame } from "../../chat/message.ts";
import { type Answering, startAnswering } from "../support/answering.ts";
import { aMessage } from "../support/builders.ts";
import { rejection } from "../support/rejection.ts";

const task = { frame: messageFrame(aMessage()), shard: LOBBY_SHARD, shards: 1 };

describe("aws/invoke-worker", () => {
  let answering: Answering;
  beforeEach(async () => {
    answering = await startAnswering();
  });
  afterEach(() => answering.stop());

  const handingOver = (traceId: () => string | undefined = () => undefined) =>
    handOverTo(
      {
        functionName: "chat-dev-fan-out",
        endpoint: answering.url,
        region: "eu-west-2",
        credentials: async () => localCredentials(),
        traceId,
      },
      undiciTransport,
    )(task);

  /** Answers with one status after the other, and gives how many were asked for. */
  function answerWith(...statuses: number[]): () => number {
    let asked = 0;
    answering.answer = (_, response) => {
      response.writeHead(statuses[asked] ?? 500, { "x-amzn-errortype": "TooManyRequestsException:http" }).end();
      asked += 1;
    };
    return () => asked;
  }

  it("invokes the function asynchronously, by its name", async () => {
    let seen: unknown;
    answering.answer = ({ method, url, headers }, response) => {
      seen = [method, url, headers["x-amz-invocation-type"], headers.authorization?.includes("/eu-west-2/lambda/")];
      response.writeHead(202).end();
    };
    await handingOver();
    expect(seen).to.deep.equal(["POST", "/2015-03-31/functions/chat-dev-fan-out/invocations", "Event", true]);
  });

  it("sends the trace id of the invocation as an unsigned header, and no trace id outside of an invocation", async () => {
    const seen: [traceId: unknown, authorization: string][] = [];
    answering.answer = ({ headers }, response) => {
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
    const asked = answerWith(429, 500, 202);
    await handingOver();
    expect(asked()).to.equal(3);
    const inVain = answerWith(429, 429, 429, 202);
    expect(await rejection(handingOver())).to.equal("Lambda did not accept an event: TooManyRequestsException");
    expect(inVain()).to.equal(3);
  });

  it("does not retry a request that Lambda rejects", async () => {
    const asked = answerWith(403, 202);
    expect(await rejection(handingOver())).to.match(/^Lambda did not accept an event: /);
    expect(asked()).to.equal(1);
  });

  it("names the reason if there is no response", async () => {
    answering.answer = ({ socket }) => socket.destroy();
    expect(await rejection(handingOver())).to.match(/^Lambda did not accept an event: SocketError/);
  });
});
