import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { reviewerBy } from "../../aws/review.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

const ARN = "arn:aws:lambda:eu-west-2:123456789012:function:review";
const MESSAGE = { channel: "ops", from: "anna", authenticated: true, data: "hi" };

describe("aws/review", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.stop());

  const ask = (timeoutMilliseconds = 2_500) =>
    reviewerBy(
      { functionArn: ARN, timeoutMilliseconds, onFailure: "deny" },
      { endpoint: server.url, region: "eu-west-2", credentials: localCredentials },
    ).ask(MESSAGE);
  const answer = (body: string): void => {
    server.respond = (_, response) => response.end(body);
  };

  it("invokes the function synchronously, by its ARN", async () => {
    let seen: unknown;
    server.respond = ({ url, headers }, response) => {
      seen = [decodeURIComponent(String(url)), headers["x-amz-invocation-type"]];
      response.end('{"decision":"allow"}');
    };
    expect(await ask()).to.deep.equal({ decision: "allow" });
    expect(seen).to.deep.equal([`/2015-03-31/functions/${ARN}/invocations`, "RequestResponse"]);
  });

  for (const verdict of [
    { decision: "allow" },
    { decision: "deny", reason: "No links." },
    { decision: "replace", data: "***" },
  ]) {
    it(`accepts the verdict ${verdict.decision}`, async () => {
      answer(JSON.stringify({ ...verdict, extra: 1 }));
      expect(await ask()).to.deep.equal(verdict);
    });
  }

  it("denies with another reason, or a shorter one, if the reason is not valid", async () => {
    answer('{"decision":"deny"}');
    expect(await ask()).to.deep.equal({ decision: "deny", reason: "The message was not accepted." });
    answer(JSON.stringify({ decision: "deny", reason: "🎉".repeat(201) }));
    expect(await ask()).to.deep.equal({ decision: "deny", reason: "🎉".repeat(200) });
  });

  for (const body of [
    "null",
    "secret",
    '{"decision":"maybe"}',
    '{"decision":"replace","data":""}',
    JSON.stringify({ decision: "replace", data: "x".repeat(16_385) }),
    JSON.stringify({ decision: "replace", data: "\u0001".repeat(16_384) }),
    '{"errorType":"Error","errorMessage":"secret"}',
  ]) {
    it(`rejects the answer ${body.slice(0, 40)}, and does not repeat it`, async () => {
      answer(body);
      const message = await rejection(ask());
      expect(message).to.match(/^The review function did not return a verdict\. Return {"decision":"allow"}/);
      expect(message).not.to.include("secret");
    });
  }

  for (const [status, attempts] of [
    [429, 2],
    [500, 2],
    [403, 1],
  ] as const) {
    it(`makes at most ${attempts} ${attempts === 1 ? "attempt" : "attempts"} if Lambda responds with ${status}`, async () => {
      let requests = 0;
      server.respond = (_, response) => {
        requests += 1;
        response.writeHead(requests === 1 ? status : 200).end('{"decision":"allow"}');
      };
      const asked = ask().catch(() => undefined);
      expect(await asked).to.deep.equal(attempts === 1 ? undefined : { decision: "allow" });
      expect(requests).to.equal(attempts);
    });
  }

  it("rejects if Lambda refuses the invocation, or if the time limit is over", async () => {
    server.respond = (_, response) => response.writeHead(429, { "x-amzn-errortype": "TooManyRequestsException" }).end();
    expect(await rejection(ask())).to.equal("Lambda did not invoke the review function: TooManyRequestsException");
    server.respond = () => undefined;
    expect(await rejection(ask(1))).to.equal("The review function did not answer within 1 ms");
  });
});
