import { expect } from "chai";
import sinon from "sinon";
import { environmentVariable, now, traceId, within } from "../../aws/runtime.ts";
import { table } from "../../aws/table/table.ts";
import { rejection } from "../support/rejection.ts";

describe("aws/runtime", () => {
  afterEach(() => sinon.restore());

  it("names a variable that Terraform did not set", () => {
    sinon.stub(process, "env").value({ TABLE_NAME: "" });
    expect(() => environmentVariable("TABLE_NAME")).to.throw("The environment variable TABLE_NAME is not set");
  });

  it("finds the function's table in TABLE_NAME", () => {
    sinon.stub(process, "env").value({ TABLE_NAME: "chat-test" });
    expect(table.name).to.equal("chat-test");
  });

  it("has the trace id of the current invocation, which Lambda sets for each invocation", () => {
    const variables: Record<string, string> = {};
    sinon.stub(process, "env").value(variables);
    expect(traceId()).to.equal(undefined);
    for (const id of ["Root=1-a", "Root=1-b"]) {
      variables._X_AMZN_TRACE_ID = id;
      expect(traceId()).to.equal(id);
    }
  });

  it("has the clock in epoch milliseconds", () => {
    const clock = sinon.useFakeTimers(1_786_881_867_489);
    expect(now()).to.equal(1_786_881_867_489);
    clock.restore();
  });

  it("limits the time of work, and keeps no timer afterwards", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    await new Promise(setImmediate);
    const before = timers();
    const late = new Error("late");
    expect(await within(60_000, Promise.resolve("done"), late)).to.equal("done");
    expect(await rejection(within(60_000, Promise.reject(new Error("broken")), late))).to.equal("broken");
    expect(await rejection(within(1, new Promise(() => undefined), late))).to.equal("late");
    expect(timers()).to.equal(before);
  });
});
