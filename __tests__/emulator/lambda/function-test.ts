import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { LambdaFunction } from "../../../emulator/lambda/function.ts";
import type { LogEntry } from "../../../emulator/lambda/log.ts";
import type { FunctionConfig } from "../../../emulator/terraform/functions.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("emulator/lambda/function", () => {
  const running: LambdaFunction[] = [];
  let log: LogEntry[];
  beforeEach(() => {
    log = [];
  });
  afterEach(() => Promise.all(running.splice(0).map((lambda) => lambda.stop())));

  /** A function with this module. */
  function aFunction(code: string, own: Partial<FunctionConfig> = {}, variables: Record<string, string> = {}) {
    const directory = temporaryDirectory();
    const archivePath = join(directory, "archive.zip");
    writeFileSync(archivePath, zipSync({ "index.mjs": strToU8(code) }));
    const config: FunctionConfig = {
      name: "fixture",
      archivePath,
      roleArn: "arn:aws:iam::000000000000:role/fixture",
      handler: "index.handler",
      memoryMegabytes: 128,
      timeoutSeconds: 5,
      environment: {},
      logLevel: "INFO",
      ...own,
    };
    mkdirSync(join(directory, "task"));
    const lambda = new LambdaFunction(config, {
      directory: join(directory, "task"),
      variables,
      log: (entry) => log.push(entry),
    });
    running.push(lambda);
    return lambda;
  }

  const errorOf = async (lambda: LambdaFunction) => {
    const invocation = await lambda.invoke({});
    expect(invocation).to.have.property("error");
    return (invocation as { error: { errorType: string; errorMessage: string } }).error;
  };

  it("runs the handler on an event and gives its answer as JSON would carry it", async () => {
    const lambda = aFunction(
      "export const handler = async ({ name }) => ({ hello: name, lost: undefined, at: new Date(0) });",
    );
    expect(await lambda.invoke({ name: "anna" })).to.deep.equal({
      payload: { hello: "anna", at: "1970-01-01T00:00:00.000Z" },
    });
  });

  it("runs a handler that calls back", async () => {
    const lambda = aFunction(
      "export const handler = (event, context, callback) => setTimeout(() => callback(null, 7));",
    );
    expect(await lambda.invoke({})).to.deep.equal({ payload: 7 });
  });

  it("gives null for a handler that returns nothing", async () => {
    expect(await aFunction("export const handler = async () => {};").invoke({})).to.deep.equal({ payload: null });
  });

  it("tells the handler its request, its memory and its remaining time", async () => {
    const lambda = aFunction(
      "export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });",
    );
    const { payload } = (await lambda.invoke({})) as { payload: Record<string, unknown> };
    expect(payload).to.include({ functionName: "fixture", memoryLimitInMB: "128" });
    expect(payload.awsRequestId).to.match(/^[\da-f-]{36}$/);
    expect(payload.left).to.be.within(1, 5000);
  });

  it("has an environment of its own", async () => {
    const lambda = aFunction("export const handler = async () => process.env;", {}, { ONLY: "this" });
    expect(await lambda.invoke({})).to.deep.equal({ payload: { ONLY: "this" } });
  });

  it("keeps an environment warm from one event to the next", async () => {
    const lambda = aFunction("let n = 0; export const handler = async () => ++n;");
    expect(await lambda.invoke({})).to.deep.equal({ payload: 1 });
    expect(await lambda.invoke({})).to.deep.equal({ payload: 2 });
  });

  it("runs one event at a time in each environment, and events side by side in several", async () => {
    const lambda = aFunction(`
      let underWay = 0;
      export const handler = async () => {
        underWay += 1;
        const { threadId } = await import("node:worker_threads");
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { underWay: underWay--, threadId };
      };`);
    const invocations = await Promise.all(Array.from({ length: 6 }, () => lambda.invoke({})));
    const payloads = invocations.map((invocation) => (invocation as { payload: Record<string, number> }).payload);
    expect(payloads.map(({ underWay }) => underWay)).to.deep.equal([1, 1, 1, 1, 1, 1]);
    expect(new Set(payloads.map(({ threadId }) => threadId)).size).to.be.greaterThan(1);
  });

  it("runs an event while others sleep, however many there are", async () => {
    const lambda = aFunction(
      "export const handler = async ({ forever }) => (forever ? new Promise((resolve) => setTimeout(resolve, 60_000)) : 'done');",
      { timeoutSeconds: 30 },
    );
    for (let asleep = 0; asleep < 9; asleep += 1) void lambda.invoke({ forever: true });
    expect(await lambda.invoke({})).to.deep.equal({ payload: "done" });
  });

  it("gives the error of a handler that throws, and goes on with the next event", async () => {
    const lambda = aFunction(
      "export const handler = async ({ ok }) => { if (!ok) throw new RangeError('too far'); return 1; };",
    );
    expect(await errorOf(lambda)).to.deep.include({ errorType: "RangeError", errorMessage: "too far" });
    expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
  });

  it("gives the error of a module that does not load", async () => {
    expect(await errorOf(aFunction("this is no module"))).to.include({ errorType: "SyntaxError" });
    const { errorMessage } = await errorOf(aFunction("export const other = 1;"));
    expect(errorMessage).to.match(/^handler is not a function/);
  });

  it("ends what runs past its timeout, and starts afresh", async () => {
    const lambda = aFunction("export const handler = async ({ ok }) => { while (!ok); return 1; };", {
      timeoutSeconds: 0.2,
    });
    const { errorType, errorMessage } = await errorOf(lambda);
    expect(errorType).to.equal("Sandbox.Timedout");
    expect(errorMessage).to.match(/^RequestId: \S+ Error: Task timed out after 0.20 seconds$/);
    expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
  });

  it("ends what takes more memory than it has, and starts afresh", async () => {
    const lambda = aFunction(
      "export const handler = async ({ ok }) => { const all = []; while (!ok) all.push(new Array(1e5).fill(all.length)); return 1; };",
      { memoryMegabytes: 16, timeoutSeconds: 30 },
    );
    expect((await errorOf(lambda)).errorMessage).to.include("memory");
    expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
  });

  it("survives a handler that ends its process", async () => {
    const lambda = aFunction("export const handler = async ({ ok }) => ok ? 1 : process.exit(0);");
    expect((await errorOf(lambda)).errorType).to.equal("Runtime.ExitError");
    expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
  });

  it("passes on what the function logs: objects as they are, the rest as text, from its level upwards", async () => {
    const lambda = aFunction(
      "export const handler = async () => { console.debug('no'); console.info({ a: 1 }); console.error('b', 2); console.warn(new Error('c')); };",
    );
    await lambda.invoke({});
    expect(log.map(({ level, message }) => [level, message]).slice(0, 2)).to.deep.equal([
      ["INFO", { a: 1 }],
      ["ERROR", "b 2"],
    ]);
    expect(log[2]?.message).to.match(/^Error: c\n/);
    expect(log).to.have.length(3);
    expect(log[0]?.requestId).to.match(/^[\da-f-]{36}$/);
  });

  it("logs the error that ended an invocation", async () => {
    await errorOf(aFunction("export const handler = async () => { throw new RangeError('too far'); };"));
    expect(log.map(({ level }) => level)).to.deep.equal(["ERROR"]);
    expect(log[0]?.message).to.include({ errorType: "RangeError", errorMessage: "too far" });
  });

  it("answers what waits when it is stopped", async () => {
    const lambda = aFunction(
      "export const handler = async () => new Promise((resolve) => setTimeout(resolve, 60_000));",
    );
    const invocation = lambda.invoke({});
    await lambda.stop();
    expect(await invocation).to.have.nested.property("error.errorType", "Runtime.ExitError");
  });

  it("refuses a handler that names no module of the archive", () => {
    expect(() => aFunction("", { handler: "other.handler" })).to.throw("there is no other.mjs in it");
  });
});
