import { expect } from "chai";
import { variablesOf } from "../../src/lambda/environment-variables.ts";
import type { LambdaFunction } from "../../src/lambda/function.ts";
import { createFunctions, type Functions, type FunctionsOptions } from "../../src/lambda/functions.ts";
import type { LogEntry } from "../../src/lambda/log.ts";
import { readStack } from "../../src/terraform/stack.ts";
import { fixtureStack, reference, returning } from "../../src/testing/fixture-stack.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const FAILING = "export const handler = async () => { throw new RangeError('far'); };";

/** A function whose role permits the destination before the destination is configured. */
const sending = (code: string, action: string) => ({
  code,
  policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] },
  lambda: { depends_on: ["aws_iam_role_policy.worker"] },
});

describe("lambda/functions", () => {
  const opened: Functions[] = [];
  let log: LogEntry[];
  beforeEach(() => {
    log = [];
  });
  afterEach(() => Promise.all(opened.splice(0).map(({ stop }) => stop())));

  async function create(stackDirectory: string, options: Partial<FunctionsOptions> = {}): Promise<Functions> {
    const stack = await readStack(stackDirectory);
    const endpoints = {
      dynamodb: "http://dynamodb",
      management: "http://management",
      others: "http://others",
      functionUrls: {},
    };
    const functions = createFunctions(stack, {
      directory: temporaryDirectory(),
      variables: (config) => variablesOf(config, { ...stack, endpoints }),
      log: (entry) => log.push(entry),
      wait: async () => undefined,
      ...options,
    });
    opened.push(functions);
    return functions;
  }

  const untilLogged = async (text: string): Promise<void> => {
    while (!JSON.stringify(log).includes(text)) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it("lets a function use local endpoints although its variables ask for those of FIPS", async () => {
    const code = returning('[process.env.AWS_USE_FIPS_ENDPOINT, "AWS_USE_DUALSTACK_ENDPOINT" in process.env]');
    const lambda = { environment: [{ variables: { AWS_USE_FIPS_ENDPOINT: "true" } }] };
    const { functions } = await create(fixtureStack({ routes: { fips: { code, lambda } } }));
    expect(await functions.get("fips")?.invoke({})).to.deep.equal({ payload: ["false", false] });
  });

  it("sends a failed event to a queue of the stack, and logs it", async () => {
    const resources = {
      aws_sqs_queue: { failed: { name: "failed" } },
      aws_lambda_function_event_invoke_config: {
        worker: {
          function_name: reference("aws_lambda_function.worker.function_name"),
          maximum_retry_attempts: 0,
          destination_config: [{ on_failure: [{ destination: reference("aws_sqs_queue.failed.arn") }] }],
        },
      },
    };
    const { functions, queues } = await create(
      fixtureStack({ routes: { worker: sending(FAILING, "sqs:SendMessage") }, resources }),
    );
    const requestId = functions.get("worker")?.invokeAsync({ order: 1 });
    await untilLogged("received {");
    const [message] = queues.get("failed")?.messages ?? [];
    expect(JSON.parse(message?.body ?? "")).to.deep.include({ requestPayload: { order: 1 } });
    expect(JSON.parse(message?.body ?? "").requestContext).to.include({ requestId, condition: "RetriesExhausted" });
    expect(log.map(({ source }) => source)).to.deep.equal(["worker", "worker", "failed"]);
  });

  it("sends the record of a success to another function of the stack", async () => {
    const resources = {
      aws_lambda_function_event_invoke_config: {
        worker: {
          function_name: reference("aws_lambda_function.worker.arn"),
          destination_config: { on_success: { destination: reference("aws_lambda_function.next.arn") } },
        },
      },
    };
    const next = { code: "export const handler = async (event) => console.log(event);" };
    const routes = { worker: sending(returning("event.order + 1"), "lambda:InvokeFunction"), next };
    const { functions } = await create(fixtureStack({ routes, resources }));
    functions.get("worker")?.invokeAsync({ order: 1 });
    await untilLogged("responsePayload");
    expect(log[0]).to.deep.include({ source: "next" });
    expect(log[0]?.message).to.deep.include({ requestPayload: { order: 1 }, responsePayload: 2 });
  });

  it("sets the environment variables of Lambda", async () => {
    const { functions } = await create(fixtureStack({ routes: { env: { code: returning("process.env") } } }));
    const { payload } = (await (functions.get("env") as LambdaFunction).invoke({})) as {
      payload: Record<string, string>;
    };
    expect(payload).to.include({
      AWS_LAMBDA_FUNCTION_NAME: "env",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/env",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      _HANDLER: "index.handler",
    });
    expect(payload).not.to.have.any.keys("PATH", "HOME", "npm_lifecycle_event");
  });

  for (const [verbose, logged] of [
    [true, ["METRICS here\tSaid: 1", "the end"]],
    [false, ["the end"]],
  ] as const) {
    it(`${verbose ? "logs" : "does not log"} metrics if verbose is ${verbose}`, async () => {
      const line = { _aws: { CloudWatchMetrics: [{ Namespace: "here", Metrics: [{ Name: "Said" }] }] }, Said: 1 };
      const text = JSON.stringify(`${JSON.stringify(line)}\nthe end\n`);
      const code = `export const handler = async () => void process.stdout.write(${text});`;
      const { functions } = await create(fixtureStack({ routes: { echo: { code } } }), { verbose });
      await functions.get("echo")?.invoke({});
      await untilLogged("the end");
      const lines = log
        .map(({ message }) => String(message))
        .filter((message) => !/^(INIT|START|END|REPORT)/.test(message));
      expect(lines).to.deep.equal(logged);
    });
  }

  it("logs START, END and REPORT of each invocation, and the cold start once, if verbose is true", async () => {
    const { functions } = await create(fixtureStack({ routes: { echo: { code: returning("1") } } }), { verbose: true });
    await functions.get("echo")?.invoke({});
    await functions.get("echo")?.invoke({});
    const lines = log.map(({ message }) =>
      String(message)
        .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, "ID")
        .replaceAll(/\d+(\.\d+)?/g, "N"),
    );
    const report =
      "REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB";
    expect(lines).to.deep.equal([
      "INIT_START Runtime Version: nodejs:N.N",
      "START RequestId: ID Version: $LATEST",
      "END RequestId: ID",
      `${report}\tInit Duration: N ms`,
      "START RequestId: ID Version: $LATEST",
      "END RequestId: ID",
      report,
    ]);
  });

  describe("stop", () => {
    const sleeping = "export const handler = async () => new Promise((resolve) => setTimeout(resolve, 60_000));";
    const worker = (lambda: object = {}) =>
      create(fixtureStack({ routes: { worker: { code: sleeping, lambda: { timeout: 30, ...lambda } } } }));

    it("fails running and waiting invocations, also during a cold start", async () => {
      const functions = await worker();
      const invocations = Array.from({ length: 9 }, () => functions.functions.get("worker")?.invoke({}));
      await functions.stop();
      for (const invocation of await Promise.all(invocations)) {
        expect(invocation).to.have.nested.property("error.errorType", "Runtime.ExitError");
      }
    });

    it("can be called twice, and fails later invocations", async () => {
      const functions = await worker();
      await Promise.all([functions.stop(), functions.stop()]);
      await functions.stop();
      const later = await functions.functions.get("worker")?.invoke({});
      expect(later).to.have.nested.property("error.errorMessage", "The function is being stopped");
    });

    it("discards asynchronous events", async () => {
      const functions = await worker();
      functions.functions.get("worker")?.invokeAsync({});
      await functions.stop();
    });
  });
});
