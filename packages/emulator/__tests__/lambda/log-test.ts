import { expect } from "chai";
import { parseOutput } from "../../src/lambda/log.ts";

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
