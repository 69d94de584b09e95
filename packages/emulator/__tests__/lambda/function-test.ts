import { expect } from "chai";
import type { LambdaFunction } from "../../src/lambda/function.ts";
import type { FunctionConfig } from "../../src/terraform/functions.ts";
import { errorIn, Lambdas } from "../support/lambda.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

describe("lambda/function", () => {
  let lambdas: Lambdas;
  beforeEach(() => {
    lambdas = new Lambdas();
  });
  afterEach(() => lambdas.stop());

  const aFunction = (code: string, config: Partial<FunctionConfig> = {}, variables: Record<string, string> = {}) =>
    lambdas.create({ files: { "index.mjs": code }, config, options: { variables } });

  const errorOf = async (lambda: LambdaFunction) => errorIn(await lambda.invoke({}));

  it("returns the result of the handler, converted to JSON and back", async () => {
    const lambda = aFunction(
      "export const handler = async ({ name }) => ({ hello: name, lost: undefined, at: new Date(0) });",
    );
    expect(await lambda.invoke({ name: "anna" })).to.deep.equal({
      payload: { hello: "anna", at: "1970-01-01T00:00:00.000Z" },
    });
  });

  it("runs a handler with a callback", async () => {
    const lambda = aFunction(
      "export const handler = (event, context, callback) => setTimeout(() => callback(null, 7));",
    );
    expect(await lambda.invoke({})).to.deep.equal({ payload: 7 });
  });

  it("returns null for a handler that returns nothing", async () => {
    expect(await aFunction("export const handler = async () => {};").invoke({})).to.deep.equal({ payload: null });
  });

  it("passes the fields of Lambda's context to the handler", async () => {
    const variables = { AWS_LAMBDA_FUNCTION_NAME: "fixture", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128" };
    const code =
      "export const handler = async (event, context) => ({ ...context, keys: Object.keys(context), left: context.getRemainingTimeInMillis() });";
    const { payload } = (await aFunction(code, {}, variables).invoke({})) as { payload: Record<string, unknown> };
    expect(payload).to.include({
      functionName: "fixture",
      memoryLimitInMB: "128",
      callbackWaitsForEmptyEventLoop: true,
      invokedFunctionArn: "arn:aws:lambda:eu-west-2:000000000000:function:fixture",
    });
    expect(payload.awsRequestId).to.match(/^[\da-f-]{36}$/);
    expect(payload.logStreamName).to.match(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/);
    expect(payload.left).to.be.within(1, 5000);
    expect(payload.keys).to.include.members([
      ...["functionVersion", "logGroupName", "clientContext", "identity", "done", "succeed", "fail"],
    ]);
  });

  it("has only its own environment variables, and none of this process", async () => {
    const lambda = aFunction("export const handler = async () => process.env;", {}, { ONLY: "this" });
    const { payload } = (await lambda.invoke({})) as { payload: Record<string, string> };
    expect(Object.keys(payload)).to.have.members([
      ...["ONLY", "AWS_LAMBDA_LOG_STREAM_NAME", "LAMBDA_TASK_ROOT", "_X_AMZN_TRACE_ID"],
    ]);
    expect(payload._X_AMZN_TRACE_ID).to.match(/^Root=1-[\da-f]{8}-[\da-f]{24};Parent=[\da-f]{16};Sampled=0$/);
  });

  it("reuses an environment for the next event", async () => {
    const lambda = aFunction("let n = 0; export const handler = async () => ++n;");
    expect(await lambda.invoke({})).to.deep.equal({ payload: 1 });
    expect(await lambda.invoke({})).to.deep.equal({ payload: 2 });
  });

  it("runs simultaneous events in several environments, one event in each", async () => {
    const folder = JSON.stringify(temporaryDirectory());
    // No event ends before the events of two environments have begun.
    const lambda = aFunction(`
      import { readdirSync, writeFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      import { threadId } from "node:worker_threads";
      let running = 0;
      export const handler = async () => {
        running += 1;
        writeFileSync(${folder} + "/" + threadId, "");
        while (readdirSync(${folder}).length < 2) await sleep(5);
        return { running: running--, threadId };
      };`);
    const invocations = await Promise.all(Array.from({ length: 6 }, () => lambda.invoke({})));
    const payloads = invocations.map((invocation) => (invocation as { payload: Record<string, number> }).payload);
    expect(payloads.map(({ running }) => running)).to.deep.equal([1, 1, 1, 1, 1, 1]);
    expect(new Set(payloads.map(({ threadId }) => threadId)).size).to.be.greaterThan(1);
  });

  it("runs an event while many other events wait", async () => {
    const lambda = aFunction(
      "export const handler = async ({ forever }) => (forever ? new Promise((resolve) => setTimeout(resolve, 60_000)) : 'done');",
      { timeoutSeconds: 30 },
    );
    for (let count = 0; count < 9; count += 1) void lambda.invoke({ forever: true });
    expect(await lambda.invoke({})).to.deep.equal({ payload: "done" });
  });

  it("returns the error of a handler that throws, and runs the next event", async () => {
    const lambda = aFunction(
      "export const handler = async ({ ok }) => { if (!ok) throw new RangeError('too far'); return 1; };",
    );
    expect(await errorOf(lambda)).to.deep.include({ errorType: "RangeError", errorMessage: "too far" });
    expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
  });

  it("terminates a handler at its timeout, and runs the next event in a new environment", async () => {
    const lambda = aFunction("export const handler = async ({ ok }) => { while (!ok); return 1; };", {
      timeoutSeconds: 1,
    });
    const { errorType, errorMessage } = await errorOf(lambda);
    expect(errorType).to.equal("Sandbox.Timedout");
    expect(errorMessage).to.match(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/);
    expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
  });

  it("logs objects unchanged and other values as text, from the configured level upwards", async () => {
    const lambda = aFunction(
      "export const handler = async () => { console.debug('no'); console.info({ a: 1 }); console.error('b', 2); console.warn(new Error('c')); };",
    );
    await lambda.invoke({});
    expect(lambdas.log.map(({ level, message }) => [level, message]).slice(0, 2)).to.deep.equal([
      ["INFO", { a: 1 }],
      ["ERROR", "b 2"],
    ]);
    expect(lambdas.log[2]?.message).to.match(/^Error: c\n/);
    expect(lambdas.log).to.have.length(3);
    expect(lambdas.log[0]?.requestId).to.match(/^[\da-f-]{36}$/);
  });

  it("logs the error of a failed invocation", async () => {
    await errorOf(aFunction("export const handler = async () => { throw new RangeError('too far'); };"));
    expect(lambdas.log.map(({ level }) => level)).to.deep.equal(["ERROR"]);
    expect(lambdas.log[0]?.message).to.include({ errorType: "RangeError", errorMessage: "too far" });
  });

  it("throttles events beyond its reserved concurrency", async () => {
    const lambda = aFunction(
      "export const handler = async () => new Promise((resolve) => setTimeout(resolve, 50, 1));",
      {
        reservedConcurrency: 2,
      },
    );
    const invocations = await Promise.all([lambda.invoke({}), lambda.invoke({}), lambda.invoke({})]);
    expect(invocations).to.deep.equal([{ payload: 1 }, { payload: 1 }, { throttled: true }]);
    expect(await lambda.invoke({})).to.deep.equal({ payload: 1 });
  });

  it("throttles every event if its reserved concurrency is 0", async () => {
    const lambda = aFunction("export const handler = async () => 1;", { reservedConcurrency: 0 });
    expect(await lambda.invoke({})).to.deep.equal({ throttled: true });
  });
});
