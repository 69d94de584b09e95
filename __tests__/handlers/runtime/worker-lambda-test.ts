import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import sinon from "sinon";
import { workerLambda } from "../../../handlers/runtime/lambda.ts";
import { aContext } from "../../support/builders.ts";
import { captureLogs } from "../../support/captured-logs.ts";

describe("handlers/runtime/worker-lambda", () => {
  const log = captureLogs();
  beforeEach(() => void sinon.useFakeTimers(1_000));

  it("passes the ports, the task and the deadline", async () => {
    const work = sinon.stub().resolves({});
    await workerLambda(work, { port: 1 })("a task", aContext());
    expect(work.args).to.deep.equal([[{ port: 1 }, { task: "a task", deadline: 31_000 }]]);
  });

  it("logs one line of facts, and never the task", async () => {
    await workerLambda(async () => ({ tally: 3 }), {})("a secret", aContext());
    const { awsRequestId: requestId } = aContext();
    expect(log.info.args).to.deep.equal([[{ requestId, durationMs: 0, tally: 3 }]]);
    expect(log.error.callCount).to.equal(0);
  });

  it("logs a fault once, with its stack, and lets Lambda retry the task", async () => {
    const failing = async () => {
      throw new Error("the table is unavailable");
    };
    expect(await rejection(workerLambda(failing, {})("a task", aContext()))).to.equal("the table is unavailable");
    expect(log.error.args[0]?.[0].fault).to.match(/^Error: the table is unavailable\n +at failing/);
    expect(log.info.callCount + log.error.callCount).to.equal(1);
  });

  it("writes the metrics, even after a fault", async () => {
    const { write } = log.metrics;
    await workerLambda(async () => ({}), {})("a task", aContext());
    await rejection(workerLambda(() => Promise.reject(new Error("no")), {})("a task", aContext()));
    expect(write.callCount).to.equal(2);
  });
});
