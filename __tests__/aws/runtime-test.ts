import { expect } from "chai";
import sinon from "sinon";
import { environmentVariable, now, traceId } from "../../aws/runtime.ts";
import { table } from "../../aws/table/table.ts";

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

  it("has the trace id of the current invocation, which Lambda sets anew for each", () => {
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
});
