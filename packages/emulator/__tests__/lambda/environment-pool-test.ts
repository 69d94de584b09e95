import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { LambdaFunction } from "../../src/lambda/function.ts";
import { type Fixture, Lambdas } from "../support/lambda.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Enough events for the pool to know that the handler is fast, so that it sends events ahead of time. */
const WARM_UP_EVENTS = 30;

describe("lambda/environment-pool", () => {
  let lambdas: Lambdas;
  beforeEach(() => {
    lambdas = new Lambdas();
  });
  afterEach(() => lambdas.stop());

  async function aFastFunction(body: string, options: Partial<Fixture> = {}): Promise<LambdaFunction> {
    const code = `
      import { existsSync } from "node:fs";
      import { threadId } from "node:worker_threads";
      export const handler = async (event) => { ${body} };`;
    const lambda = lambdas.create({ files: { "index.mjs": code }, ...options });
    for (let count = 0; count < WARM_UP_EVENTS; count += 1) await lambda.invoke({});
    return lambda;
  }

  const payloadsOf = (invocations: readonly object[]) =>
    invocations.map((each) => (each as { payload: unknown }).payload);

  it("runs the events that an environment has one after the other", async () => {
    const lambda = await aFastFunction(`
      globalThis.running = (globalThis.running ?? 0) + 1;
      const { running } = globalThis;
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.running -= 1;
      return running;`);
    const invocations = await Promise.all(Array.from({ length: 100 }, () => lambda.invoke({})));
    expect(payloadsOf(invocations)).to.deep.equal(Array.from({ length: 100 }, () => 1));
  });

  for (const [what, statement] of [
    ["exits", "process.exit(3)"],
    ["throws outside of the handler", "setImmediate(() => { throw new Error('far'); }), await new Promise(() => {})"],
  ]) {
    it(`runs the events behind one that ${what} in another environment`, async () => {
      const lambda = await aFastFunction(`if (event.ends) ${statement}; return event.n;`);
      const invocations = await Promise.all(
        Array.from({ length: 40 }, (_, n) => lambda.invoke({ n, ends: n === 3 || n === 20 })),
      );
      const failed = invocations.flatMap((invocation, n) => ("error" in invocation ? [n] : []));
      expect(failed).to.deep.equal([3, 20]);
      expect(payloadsOf(invocations).filter((n) => n !== undefined)).to.have.length(38);
    });
  }

  it("moves the events behind one that takes long to another environment", async () => {
    const path = join(temporaryDirectory(), "end");
    const lambda = await aFastFunction(
      "while (event.until && !existsSync(event.until)); return event.until ? 'long' : threadId;",
    );
    const long = lambda.invoke({ until: path });
    const others = await Promise.all(Array.from({ length: 20 }, () => lambda.invoke({})));
    writeFileSync(path, "");
    expect(await long).to.deep.equal({ payload: "long" });
    for (const payload of payloadsOf(others)) expect(payload).to.be.a("number");
  });

  it("fails only the event that exceeds the timeout", async () => {
    const lambda = await aFastFunction("while (event.isEndless); return event.n;", { config: { timeoutSeconds: 1 } });
    const invocations = await Promise.all(
      Array.from({ length: 40 }, (_, n) => lambda.invoke({ n, isEndless: n === 0 || n === 7 })),
    );
    const errors = invocations.flatMap((invocation, n) =>
      "error" in invocation ? [[n, invocation.error.errorType]] : [],
    );
    expect(errors).to.deep.equal([
      [0, "Sandbox.Timedout"],
      [7, "Sandbox.Timedout"],
    ]);
  });

  it("counts events that wait for an environment as concurrent", async () => {
    const lambda = await aFastFunction("return 1;", { config: { reservedConcurrency: 5 } });
    const invocations = await Promise.all(Array.from({ length: 8 }, () => lambda.invoke({})));
    expect(invocations.filter((invocation) => "payload" in invocation)).to.have.length(5);
    expect(invocations.slice(5)).to.deep.equal(Array.from({ length: 3 }, () => ({ throttled: true })));
  });

  it("fails all events when the function stops", async () => {
    const lambda = await aFastFunction("while (event.isEndless); return 1;");
    const invocations = Array.from({ length: 30 }, () => lambda.invoke({ isEndless: true }));
    await lambda.stop();
    for (const invocation of await Promise.all(invocations)) {
      expect(invocation).to.have.nested.property("error.errorType", "Runtime.ExitError");
    }
  });

  it("logs START when the handler starts, also for events that wait in an environment", async () => {
    const options = { options: { verbose: true } };
    const lambda = await aFastFunction("console.log(event.n);", options);
    const logged = lambdas.log.length;
    await Promise.all(Array.from({ length: 10 }, (_, n) => lambda.invoke({ n })));
    const lines = lambdas.log.slice(logged);
    const requestIds = new Set(lines.map(({ requestId }) => requestId));
    const kinds = [...requestIds].map((id) =>
      lines.filter(({ requestId }) => requestId === id).map(({ message }) => String(message).split(" ")[0]),
    );
    expect(kinds).to.deep.equal(Array.from({ length: 10 }, (_, n) => ["START", String(n), "END", "REPORT"]));
  });
});
