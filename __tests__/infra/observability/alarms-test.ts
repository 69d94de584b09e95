import "../../support/function-environment.ts";
import { Testing } from "cdktf";
import { expect } from "chai";
import fc from "fast-check";
import sinon from "sinon";
import { authenticate } from "../../../authentication/authenticate.ts";
import { issuerKeys } from "../../../authentication/issuer-keys.ts";
import { connectLambda } from "../../../handlers/connect.ts";
import { authorizerLambda } from "../../../handlers/runtime/authorizer-lambda.ts";
import { workerLambda } from "../../../handlers/runtime/lambda.ts";
import { asDeployed, type DeployedStack } from "../../support/as-deployed.ts";
import { aContext, anEvent, NOBODY, NOON } from "../../support/builders.ts";
import { aChat } from "../../support/chat.ts";
import { statesOf } from "../../support/cloudwatch.ts";
import { ENABLED } from "../../support/environments.ts";
import { AUDIENCE, startTestIssuer, type TestIssuer } from "../../support/issuer.ts";
import { PlayedAccount } from "../../support/played-account.ts";
import { aChatStack, MODERATED, STACK, WATCHED } from "../../support/synthesized.ts";

/** The number of attempts of a client. */
const ATTEMPTS = 20;

const rules = { kind: "jwt", userClaim: "sub", groupsClaim: "groups", closeAtExpiry: false } as const;

/** Ignores the time limit of requests to the issuer, which a busy machine can exceed. */
const patientFetch: typeof fetch = (url, options) => fetch(url, { ...options, signal: null });

describe("infra/alarms, in a simulated account", () => {
  let stack: DeployedStack;
  let issuer: TestIssuer;
  let account: PlayedAccount;
  before(async () => {
    stack = asDeployed(Testing.synth(aChatStack({ environment: { ...WATCHED, ...MODERATED, ...ENABLED } }), true));
    issuer = await startTestIssuer();
  });
  after(() => issuer.stop());
  beforeEach(() => {
    account = new PlayedAccount(stack);
    sinon.stub(process, "env").value({ METRICS_NAMESPACE: STACK });
    sinon.stub(console, "info");
    sinon.stub(console, "error");
  });
  afterEach(() => sinon.restore());

  const alarms = () => stack.resource.aws_cloudwatch_metric_alarm ?? {};
  const functions = () => Object.keys(stack.resource.aws_lambda_function ?? {});

  const authorizing = (query: Record<string, string>, issuerUrl = issuer.url) => {
    const keys = issuerKeys({ issuer: () => issuerUrl, fetch: patientFetch, now: Date.now });
    const ports = { rules: () => ({ ...rules, issuer: issuerUrl, audience: AUDIENCE }), keys, now: Date.now };
    const event = { ...anEvent({ routeKey: "$connect" }), methodArn: "arn", queryStringParameters: query };
    return account.authorize("authorize", () => authorizerLambda(authenticate, ports)(event, aContext()));
  };
  const connecting = (
    chat: ReturnType<typeof aChat>,
    headers: Record<string, string> = {},
    sourceIp = "203.0.113.1",
  ) => {
    const context = { routeKey: "$connect", ...NOBODY, identity: { sourceIp } };
    return account.call("connect", () => connectLambda(chat)(anEvent({ ...context, headers }), aContext()));
  };

  it("stay silent for a client without a token, with an invalid one, or with one of another issuer", async () => {
    const other = await startTestIssuer();
    const expired = await issuer.token({ claims: { exp: 1 } });
    for (const token of [undefined, "", "a", "a.b.c", "e30.e30.e30", expired, await other.token(), `${expired}x`]) {
      for (let time = 0; time < ATTEMPTS; time += 1) await authorizing(token === undefined ? {} : { token });
    }
    await other.stop();
    expect(account.raised()).to.deep.equal([]);
  });

  it("stay silent for any text that a client sends as a token", async () => {
    const keys = issuerKeys({ issuer: () => issuer.url, fetch: patientFetch, now: Date.now });
    const ports = { rules: () => ({ ...rules, issuer: issuer.url, audience: AUDIENCE }), keys, now: Date.now };
    const encoded = (text: string): string => Buffer.from(text).toString("base64url");
    const [header = "", payload = "", signature = ""] = (await issuer.token()).split(".");
    const { kid } = issuer.key;
    const algorithms = ["none", "HS256", "RS256", "ES256", "PS256", 1].map((alg) =>
      encoded(JSON.stringify({ alg, kid })),
    );
    const parts = fc.tuple(
      fc.oneof(fc.constantFrom(header, ...algorithms), fc.json().map(encoded), fc.string()),
      fc.oneof(fc.constant(payload), fc.json().map(encoded), fc.string({ unit: "binary" }).map(encoded)),
      fc.oneof(fc.constant(signature), fc.base64String(), fc.string()),
    );
    const tokens = fc.oneof(
      parts.map((all) => all.join(".")).filter((token) => token !== `${header}.${payload}.${signature}`),
      fc.string({ unit: "binary" }),
    );
    const property = fc.asyncProperty(tokens, async (token) => {
      const verdict = await authenticate(ports, { headers: { authorization: `Bearer ${token}` }, query: {} });
      expect(verdict).to.have.property("refused");
    });
    await fc.assert(property, { numRuns: Number(process.env.FC_RUNS ?? 200) });
  });

  it("stay silent for a refused origin, and for too many connections", async () => {
    const chat = aChat({ allowedOrigins: ["https://chat.example.com"], connectionsPerAddressMax: 1 });
    for (let time = 0; time < ATTEMPTS; time += 1) {
      await connecting(chat, { origin: "https://evil.example.com" });
      await connecting(chat);
    }
    expect(account.raised()).to.deep.equal([]);
  });

  it("stay silent for requests that API Gateway itself refuses", () => {
    for (let time = 0; time < ATTEMPTS; time += 1) account.refuse();
    expect(account.raised()).to.deep.equal([]);
  });

  it("include `faults` while the issuer is unreachable", async () => {
    await authorizing({ token: await issuer.token() }, "http://127.0.0.1:9");
    expect(account.raised()).to.deep.equal(["faults"]);
    account.wait(15);
    expect(account.raised()).to.deep.equal([]);
  });

  it("include `faults` if the authorizer does not decide in time", async () => {
    const never = authorizerLambda(() => new Promise(() => undefined), {});
    const context = { ...aContext(), getRemainingTimeInMillis: () => 501 };
    await account.authorize("authorize", () => never({ ...anEvent(), methodArn: "arn" }, context));
    expect(account.raised()).to.deep.equal(["faults"]);
  });

  it("include `faults` if a function answers with a fault", async () => {
    const chat = aChat();
    const channels = { ...chat.channels, open: () => Promise.reject(new Error("the table is unreachable")) };
    await connecting({ ...chat, channels });
    expect(account.raised()).to.deep.equal(["faults"]);
  });

  it("include that of a function that ends without an answer", async () => {
    await account.invoke("fan-out", () =>
      workerLambda(() => Promise.reject(new Error("no recipient was reached")), {})({}, aContext()),
    );
    expect(account.raised()).to.deep.equal(["fan-out-errors"]);
    await account.call("history", () => Promise.reject(new Error("out of memory")));
    expect(account.raised()).to.have.members(["fan-out-errors", "history-errors", "api-errors"]);
  });

  it("include only that of a throttled function", () => {
    for (const entry of functions()) {
      account = new PlayedAccount(stack);
      account.throttle(entry);
      expect(account.raised()).to.deep.equal([entry === "authorize" ? "authorize-throttles" : `${entry}-errors`]);
    }
  });

  it("include `api-errors` if API Gateway cannot call a function", () => {
    account.failToCall();
    expect(account.raised()).to.deep.equal(["api-errors"]);
  });

  it("include `table-throttles` if DynamoDB throttles reads or writes", () => {
    const dimensions = { TableName: String(stack.resource.aws_dynamodb_table?.table?.name) };
    for (const name of ["ReadThrottleEvents", "WriteThrottleEvents"]) {
      account = new PlayedAccount(stack);
      account.put({ namespace: "AWS/DynamoDB", name, dimensions, value: 1 });
      expect(account.raised()).to.deep.equal(["table-throttles"]);
    }
  });

  it("include that of a queue with a failed event, until the queue is empty", () => {
    for (const [id, { name }] of Object.entries(stack.resource.aws_sqs_queue ?? {})) {
      account = new PlayedAccount(stack);
      const visible = (value: number) =>
        account.put({
          namespace: "AWS/SQS",
          name: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: String(name) },
          value,
        });
      visible(1);
      expect(account.raised()).to.deep.equal([id]);
      account.wait(1);
      visible(0);
      expect(account.raised()).to.deep.equal([]);
    }
  });

  it("include `fan-out-time` after 15 minutes of slow fan-outs, but not for a few of them", () => {
    const fanOuts = (count: number, slow: number): void => {
      for (let fanOut = 0; fanOut < count; fanOut += 1) {
        account.put({ namespace: STACK, name: "FanOutTime", value: fanOut < slow ? 6_000 : 100 });
      }
      account.wait(5);
    };
    fanOuts(1_000, 11);
    fanOuts(1_000, 11);
    account.wait(-5);
    expect(account.raised()).to.deep.equal([]);
    account.wait(5);
    fanOuts(1_000, 11);
    account.wait(-5);
    expect(account.raised()).to.deep.equal(["fan-out-time"]);

    account = new PlayedAccount(stack);
    for (let period = 0; period < 5; period += 1) fanOuts(1_000, 10);
    account.wait(-5);
    expect(account.raised(), "one in a hundred").to.deep.equal([]);

    account = new PlayedAccount(stack);
    for (let period = 0; period < 5; period += 1) fanOuts(900, 900);
    account.wait(-5);
    expect(account.raised(), "too few for a percentile").to.deep.equal([]);
  });

  it("are all covered by these tests", () => {
    const played = [
      ...functions().map((entry) => (entry === "authorize" ? "authorize-throttles" : `${entry}-errors`)),
      ...Object.keys(stack.resource.aws_sqs_queue ?? {}),
      ...["faults", "api-errors", "table-throttles", "fan-out-time"],
    ];
    expect(Object.keys(alarms())).to.have.members(played);
  });
});

describe("support/cloudwatch", () => {
  const alarm = (periods: number) => ({
    namespace: "n",
    metric_name: "m",
    statistic: "Sum",
    period: 60,
    evaluation_periods: periods,
    threshold: 0,
    treat_missing_data: "notBreaching",
    comparison_operator: "GreaterThanThreshold",
  });
  const stateAfter = (periods: number, points: string): string | undefined => {
    const data = [...points].flatMap((point, index) =>
      point === "-" ? [] : [{ namespace: "n", name: "m", at: NOON + index * 60_000, value: point === "X" ? 1 : 0 }],
    );
    return statesOf(alarm(periods), data, NOON + points.length * 60_000).at(-1);
  };

  it("evaluates the examples of CloudWatch's page on missing data", () => {
    for (const [points, state] of [
      ["0-X-X", "OK"],
      ["----0", "OK"],
      ["-----", "OK"],
      ["0XX-X", "ALARM"],
      ["--X--", "OK"],
    ] as const) {
      expect(stateAfter(3, points), points).to.equal(state);
    }
  });

  it("ends an alarm once the breaching data is out of the range", () => {
    expect(["X", "X-", "X--", "X---"].map((points) => stateAfter(1, points))).to.deep.equal([
      ...["ALARM", "ALARM", "ALARM", "OK"],
    ]);
    expect(stateAfter(1, "X0")).to.equal("OK");
  });

  it("refuses an alarm that it would evaluate wrongly", () => {
    const other = { ...alarm(1), treat_missing_data: "breaching" };
    expect(() => statesOf(other, [], NOON)).to.throw("does not evaluate");
    const math = { ...alarm(1), metric_query: [{ expression: "m1 / m2" }] };
    expect(() => statesOf(math, [], NOON)).to.throw("does not evaluate m1 / m2");
  });
});
