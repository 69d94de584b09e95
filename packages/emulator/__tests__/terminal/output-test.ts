import { expect } from "chai";
import { logLine } from "../../src/terminal/output.ts";

const entry = { source: "echo", timestamp: "2026-07-01T12:00:00.000Z", level: "INFO", requestId: "r" } as const;

describe("terminal/output", () => {
  it("shows time, level and source of a log entry", () => {
    expect(logLine({ ...entry, message: "hello" })).to.equal("12:00:00 INFO  echo hello");
    expect(logLine({ ...entry, message: { a: 1 } })).to.equal('12:00:00 INFO  echo {"a":1}');
  });

  it("escapes control characters, except line breaks and tabs", () => {
    expect(logLine({ ...entry, message: "a\u001b[2J\u001b]0;title\u0007\r\u009bb\n\tat line 2" })).to.equal(
      "12:00:00 INFO  echo a\\x1b[2J\\x1b]0;title\\x07\\x0d\\x9bb\n\tat line 2",
    );
  });
});
