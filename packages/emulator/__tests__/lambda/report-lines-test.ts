import { expect } from "chai";
import { reportLine } from "../../src/lambda/log.ts";

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
