import { expect } from "chai";
import sinon from "sinon";
import { embeddedMetrics } from "../../aws/metrics.ts";
import { NOON } from "../support/builders.ts";

describe("aws/metrics", () => {
  beforeEach(() => sinon.stub(process, "env").value({ METRICS_NAMESPACE: "chat-test", AWS_LAMBDA_LOG_LEVEL: "WARN" }));
  afterEach(() => sinon.restore());

  const printing = () => {
    const lines: string[] = [];
    return { lines, ...embeddedMetrics({ now: () => NOON, print: (line) => lines.push(line) }) };
  };

  it("writes one line of the embedded metric format, at a level that Lambda lets through", () => {
    const { lines, count, write } = printing();
    count("MessagesAccepted");
    count("FanOutTime", 12);
    write();
    expect(lines.join("")).to.match(/^[^\n]+\n$/);
    expect(JSON.parse(lines[0] ?? "")).to.deep.equal({
      level: "WARN",
      timestamp: "2026-07-01T12:00:00.000Z",
      _aws: {
        Timestamp: NOON,
        CloudWatchMetrics: [
          {
            Namespace: "chat-test",
            Dimensions: [[]],
            Metrics: [
              { Name: "MessagesAccepted", Unit: "Count" },
              { Name: "FanOutTime", Unit: "Milliseconds" },
            ],
          },
        ],
      },
      MessagesAccepted: 1,
      FanOutTime: 12,
    });
  });

  it("sums the counters, and resets them after each line", () => {
    const { lines, count, write } = printing();
    for (const value of [1, 2]) count("PushesDelivered", value);
    write();
    count("PushesDelivered");
    write();
    expect(lines.map((line) => JSON.parse(line).PushesDelivered)).to.deep.equal([3, 1]);
  });

  it("writes nothing without counters", () => {
    const { lines, write } = printing();
    write();
    expect(lines).to.deep.equal([]);
  });
});
