import { expect } from "chai";
import { lineOf } from "../../../scripts/logs/follow.ts";
import { NOON } from "../../support/builders.ts";

const line = (message: object | string): string =>
  lineOf({
    timestamp: NOON,
    source: "join",
    message: typeof message === "string" ? message : JSON.stringify(message),
  });

describe("scripts/logs/log-line", () => {
  it("shows the time, the level, the source and the message of a function", () => {
    const message = {
      timestamp: "2026-07-01T12:00:00.000Z",
      level: "WARN",
      requestId: "r",
      message: { route: "join" },
    };
    expect(line(message)).to.equal('12:00:00 WARN  join {"route":"join"}');
    expect(line({ ...message, message: "low" })).to.equal("12:00:00 WARN  join low");
  });

  it("shows a line of the access log unchanged", () => {
    expect(line({ route: "$connect", status: "200" })).to.equal(
      '12:00:00 INFO  join {"route":"$connect","status":"200"}',
    );
  });

  it("shows metrics without the metadata for CloudWatch", () => {
    const metrics = { level: "INFO", timestamp: "2026-07-01T12:00:00.000Z", _aws: {}, MessagesAccepted: 1 };
    expect(line(metrics)).to.equal('12:00:00 INFO  join METRICS {"MessagesAccepted":1}');
  });

  it("shows text unchanged", () => {
    expect(line("so it is\n")).to.equal("12:00:00 INFO  join so it is");
    expect(line("[1]")).to.equal("12:00:00 INFO  join [1]");
  });
});
