import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { now, region, traceId, within } from "../../aws/runtime.ts";

describe("aws/runtime", () => {
  afterEach(() => sinon.restore());

  it("names a variable that is missing or empty", () => {
    const env = sinon.stub(process, "env");
    for (const variables of [{}, { AWS_REGION: "" }]) {
      env.value(variables);
      expect(region).to.throw("The environment variable AWS_REGION is missing.");
    }
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
