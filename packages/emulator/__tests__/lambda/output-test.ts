import { expect } from "chai";
import { messagesIn } from "../../src/lambda/output.ts";

describe("lambda/output", () => {
  it("is text, line by line, at the level INFO", () => {
    expect(messagesIn("one\n\n2\n")).to.deep.equal([
      { kind: "log", level: "INFO", message: "one" },
      { kind: "log", level: "INFO", message: "2" },
    ]);
  });

  it("may be JSON that says its level", () => {
    expect(messagesIn('{"level":"WARN","message":"low"}\n{"level":"loud"}')).to.deep.equal([
      { kind: "log", level: "WARN", message: { level: "WARN", message: "low" } },
      { kind: "log", level: "INFO", message: { level: "loud" } },
    ]);
  });

  it("tells metrics by the embedded metric format", () => {
    const Metrics = [{ Name: "Said", Unit: "Count" }, { Name: "Took", Unit: "Milliseconds" }, { Name: "Bare" }];
    const line = { _aws: { CloudWatchMetrics: [{ Namespace: "here", Metrics }] }, Said: 2, Took: 7, Bare: 1 };
    expect(messagesIn(JSON.stringify(line))).to.deep.equal([
      { kind: "log", level: "INFO", message: "METRICS here\tSaid: 2\tTook: 7 Milliseconds\tBare: 1", isMetrics: true },
    ]);
  });
});
