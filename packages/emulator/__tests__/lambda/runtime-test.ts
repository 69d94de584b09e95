import { expect } from "chai";
import { errorIn, type Fixture, Lambdas } from "../support/lambda.ts";

describe("lambda/runtime", () => {
  let lambdas: Lambdas;
  beforeEach(() => {
    lambdas = new Lambdas();
  });
  afterEach(() => lambdas.stop());

  /** A handler with this body, with `event`, `context` and `callback` in scope. The event `{ ok: true }` skips the body. */
  const handlerOf = (body: string, { isAsync = true }: { isAsync?: boolean } = {}): string =>
    isAsync
      ? `export const handler = async (event, context) => { if (event.ok) return 1; ${body} };`
      : `export const handler = (event, context, callback) => { if (event.ok) return context.succeed(1); ${body} };`;

  const outcomeOf = (fixture: string | Fixture) => lambdas.create(fixture).invoke({});

  const failing = async (body: string, style: { isAsync?: boolean } = {}) => {
    const lambda = lambdas.create(handlerOf(body, style));
    const error = errorIn(await lambda.invoke({}));
    expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
    return error;
  };

  describe("the result", () => {
    for (const [what, value] of [
      ["a BigInt", "1n"],
      ["a cyclic object", "(() => { const a = {}; a.a = a; return a; })()"],
      ["an object whose toJSON throws", "({ toJSON() { throw new Error('no'); } })"],
    ]) {
      it(`must not be ${what}`, async () => {
        expect(await failing(`return ${value};`)).to.include({
          errorType: "Error",
          errorMessage: "Unable to stringify response body",
        });
      });
    }

    for (const [what, value] of [
      ["a function", "() => 1"],
      ["a Symbol", "Symbol()"],
      ["nothing", "undefined"],
    ]) {
      it(`is null for ${what}`, async () => {
        expect(await outcomeOf(handlerOf(`return ${value};`))).to.deep.equal({ payload: null });
      });
    }

    it("has at most 6 MB and 100 bytes", async () => {
      const lambda = lambdas.create("export const handler = async ({ length }) => 'x'.repeat(length);");
      expect(await lambda.invoke({ length: 6_291_554 })).to.have.property("payload");
      expect(errorIn(await lambda.invoke({ length: 6_291_555 }))).to.deep.equal({
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      });
    });

    it("cannot be forged by messages of the handler", async () => {
      const code = `import { parentPort, workerData } from "node:worker_threads";
        export const handler = async () => {
          for (const forged of [{ kind: "done", payload: "2" }, { kind: "failed" }, null, 7]) parentPort.postMessage(forged);
          parentPort.close();
          return Object.keys(workerData).includes("port");
        };`;
      const lambda = lambdas.create(code);
      expect(await lambda.invoke({})).to.deep.equal({ payload: false });
      expect(await lambda.invoke({})).to.deep.equal({ payload: false });
    });
  });

  describe("an error", () => {
    const handled = { errorType: "string", errorMessage: "handled", trace: [] };
    for (const [what, body, error] of [
      ["null", "throw null;", handled],
      ["undefined", "throw undefined;", handled],
      ["text", "throw 'no';", { errorType: "string", errorMessage: "no", trace: [] }],
      ["an object", "throw { a: 1 };", { errorType: "object", errorMessage: "[object Object]", trace: [] }],
    ] as const) {
      it(`describes ${what} that is thrown`, async () => {
        expect(await failing(body)).to.deep.equal(error);
      });
    }

    it("has a fixed description if the getters of the thrown error throw", async () => {
      const body = "const e = new Error(); Object.defineProperty(e, 'message', { get() { throw 1; } }); throw e;";
      expect(await failing(body)).to.include({ errorType: "handled" });
    });

    it("ends the thread and only this invocation after an unhandled rejection", async () => {
      expect(
        await failing("Promise.reject(new RangeError('far')); await new Promise(() => setTimeout(() => {}, 1e4));"),
      ).to.deep.include({ errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "RangeError: far" });
    });

    it("ends the thread and only this invocation after an uncaught exception", async () => {
      expect(
        await failing("setTimeout(() => { throw new RangeError('far'); }); await new Promise(() => {});"),
      ).to.include({
        errorType: "RangeError",
        errorMessage: "far",
      });
    });

    it("after the result is logged and ends the thread, but keeps the result", async () => {
      const lambda = lambdas.create(handlerOf("setTimeout(() => Promise.reject(new Error('late')), 20); return 2;"));
      expect(await lambda.invoke({})).to.deep.equal({ payload: 2 });
      while (lambdas.log.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(lambdas.log[0]?.message).to.include({ errorMessage: "Error: late" });
      expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
    });
  });

  describe("the end of the thread", () => {
    it("is reported with the exit code of process.exit", async () => {
      expect((await failing("process.exit(0);")).errorMessage).to.match(
        /^RequestId: \S+ Error: Runtime exited without providing a reason$/,
      );
      const { errorType, errorMessage } = await failing("process.exit(3);");
      expect(errorType).to.equal("Runtime.ExitError");
      expect(errorMessage).to.match(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/);
    });

    it("is the only effect of a handler that sends a signal to its process", async () => {
      for (const pid of ["process.pid", "-process.pid", "0"]) {
        expect(await failing(`process.kill(${pid}, 'SIGKILL');`), pid).to.include({ errorType: "Runtime.ExitError" });
      }
      expect(await outcomeOf(handlerOf("return process.kill(process.pid, 0);"))).to.deep.equal({ payload: true });
    });

    it("is reported if the module exits while it is loaded", async () => {
      expect(errorIn(await outcomeOf("process.exit(3);"))).to.deep.equal({
        errorType: "Runtime.ExitError",
        errorMessage: "Error: Runtime exited with error: exit status 3",
      });
    });

    it("follows if the module loads for too long", async () => {
      const fixture = { files: { "index.mjs": "for (;;);" }, options: { initMillisecondsMax: 300 } };
      expect(errorIn(await outcomeOf(fixture))).to.include({ errorType: "Sandbox.Timedout" });
    });

    for (const [what, body] of [
      ["many arrays", "const all = []; for (;;) all.push(new Array(1e5).fill(all.length));"],
      ["text", "let text = []; for (;;) text.push(`${Math.random()}`.repeat(100));"],
    ]) {
      it(`follows if ${what} exceeds the memory limit`, async () => {
        const files = { "index.mjs": handlerOf(body as string) };
        const lambda = lambdas.create({ files, config: { memoryMegabytes: 32, timeoutSeconds: 50 } });
        const { errorType, errorMessage } = errorIn(await lambda.invoke({}));
        expect(errorType).to.equal("Runtime.OutOfMemory");
        expect(errorMessage).to.match(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/);
        expect(await lambda.invoke({ ok: true })).to.deep.equal({ payload: 1 });
      });
    }
  });

  describe("an empty event loop", () => {
    const sync = { isAsync: false };

    it("is an error if the promise of an async handler is not settled", async () => {
      expect(await failing("await new Promise(() => {});")).to.include({ errorType: "Runtime.NodeJsExit" });
    });

    it("ends a handler that never calls back, with the result null", async () => {
      expect(await outcomeOf(handlerOf("return 7;", sync))).to.deep.equal({ payload: null });
    });

    it("is awaited before the result of a callback is returned", async () => {
      const body = "setTimeout(() => { globalThis.late = true; }, 50); callback(null, globalThis.late ?? 'early');";
      const lambda = lambdas.create(handlerOf(body, sync));
      expect(await lambda.invoke({})).to.deep.equal({ payload: "early" });
      expect(await lambda.invoke({})).to.deep.equal({ payload: true });
    });

    it("is not awaited if callbackWaitsForEmptyEventLoop is false", async () => {
      const body = "setTimeout(() => {}, 60_000); context.callbackWaitsForEmptyEventLoop = false; callback(null, 3);";
      expect(await outcomeOf(handlerOf(body, sync))).to.deep.equal({ payload: 3 });
    });

    it("is not awaited by done, succeed and fail, of which the first call counts", async () => {
      expect(
        await outcomeOf(handlerOf("setTimeout(() => {}, 60_000); context.done(null, 4); context.fail(1);", sync)),
      ).to.deep.equal({ payload: 4 });
      expect(await failing("context.fail(new RangeError('far')); callback(null, 1);", sync)).to.include({
        errorType: "RangeError",
      });
    });
  });

  it("is not affected by a handler that manipulates the objects of its thread", async () => {
    const code = `import { parentPort, workerData, receiveMessageOnPort } from "node:worker_threads";
      export const handler = async (event) => {
        console.log = () => { throw new Error("gone"); };
        process.env = {};
        parentPort.postMessage({ kind: "log", level: "ERROR", message: "forged" });
        return receiveMessageOnPort(parentPort) === undefined && event.n;
      };`;
    const lambda = lambdas.create(code);
    for (const n of [1, 2]) expect(await lambda.invoke({ n })).to.deep.equal({ payload: n });
    expect(lambdas.log).to.deep.equal([]);
  });

  it("has no global variables of the runtime", async () => {
    const code = "Object.keys(globalThis).filter((name) => /^(port|claims|running|requestId)\\d*$/.test(name))";
    expect(await outcomeOf(handlerOf(`return ${code};`))).to.deep.equal({ payload: [] });
  });

  it("logs values that cannot be converted to JSON as text", async () => {
    await outcomeOf(
      handlerOf(
        "const a = {}; a.a = a; for (const v of [1n, a, () => 1, Symbol('s'), { b: 1n }, null]) console.log(v);",
      ),
    );
    expect(lambdas.log.map(({ message }) => message)).to.deep.equal([
      ...["1n", "<ref *1> { a: [Circular *1] }", "[Function (anonymous)]", "Symbol(s)", "{ b: 1n }", "null"],
    ]);
  });
});
