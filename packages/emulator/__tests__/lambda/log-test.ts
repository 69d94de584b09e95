import { expect } from "chai";
import { parseOutput, reportLine } from "../../src/lambda/log.ts";

describe("lambda/log, output of a function", () => {
  it("is one INFO message for each line of text", () => {
    expect(parseOutput("one\n\n2\n")).to.deep.equal([
      { kind: "log", level: "INFO", message: "one" },
      { kind: "log", level: "INFO", message: "2" },
    ]);
  });

  it("has the level of a JSON line", () => {
    expect(parseOutput('{"level":"WARN","message":"low"}\n{"level":"loud"}')).to.deep.equal([
      { kind: "log", level: "WARN", message: { level: "WARN", message: "low" } },
      { kind: "log", level: "INFO", message: { level: "loud" } },
    ]);
  });

  it("shows metrics in the embedded metric format", () => {
    const Metrics = [{ Name: "Said", Unit: "Count" }, { Name: "Took", Unit: "Milliseconds" }, { Name: "Bare" }];
    const line = { _aws: { CloudWatchMetrics: [{ Namespace: "here", Metrics }] }, Said: 2, Took: 7, Bare: 1 };
    expect(parseOutput(JSON.stringify(line))).to.deep.equal([
      { kind: "log", level: "INFO", message: "METRICS here\tSaid: 2\tTook: 7 Milliseconds\tBare: 1", isMetrics: true },
    ]);
  });
});

const REPORT = { requestId: "request-1", milliseconds: 1.234, memoryMegabytes: 128, memoryBytes: 20 * 1024 * 1024 };

describe("lambda/report-lines", () => {
  it("reports a warm invocation", () => {
    expect(reportLine(REPORT)).to.equal(
      "REPORT RequestId: request-1\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 20 MB",
    );
  });

  it("includes a cold start in the billed duration", () => {
    expect(reportLine({ ...REPORT, initMilliseconds: 50 }))
      .to.include("Billed Duration: 52 ms")
      .and.match(/\tInit Duration: 50.00 ms$/);
  });

  it("reports a failure, and omits memory that was not measured", () => {
    const failed = { ...REPORT, memoryBytes: 0 };
    expect(reportLine({ ...failed, errorType: "Sandbox.Timedout" })).to.match(/Memory Size: 128 MB\tStatus: timeout$/);
    expect(reportLine({ ...failed, errorType: "RangeError" })).to.match(/\tStatus: error\tError Type: RangeError$/);
  });
});
