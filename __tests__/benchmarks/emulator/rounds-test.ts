import { expect } from "chai";
import { type Figures, reportOf } from "../../../benchmarks/emulator/rounds.ts";
import type { Server } from "../../../benchmarks/harness/child-process.ts";

const server = (name: string): Server => ({
  name,
  start: () => Promise.reject(new Error("The test starts no server.")),
});

const figures: Figures = {
  connectionsPerSecond: 300,
  messagesPerSecondInTurn: 5_000,
  messagesPerSecondAtOnce: 9_000,
  echoMillisecondsP50: 0.2,
  echoMillisecondsP99: 1,
  broadcastMilliseconds: 100,
};

describe("benchmarks/emulator/rounds", () => {
  it("shows how many times better the first server is: higher rates and shorter times are better", () => {
    const slower = { ...figures, connectionsPerSecond: 100, broadcastMilliseconds: 400 };
    const rows = reportOf(
      new Map([
        [server("ours"), figures],
        [server("theirs"), slower],
      ]),
    ).split("\n");
    expect(rows.find((row) => row.includes("connections/s"))).to.match(/\| +300 \| +100 \| +3\.00× \|$/);
    expect(rows.find((row) => row.includes("broadcast"))).to.match(/\| +100 \| +400 \| +4\.00× \|$/);
  });

  it("has a column for every server", () => {
    const results = new Map(["ours", "theirs", "bare"].map((name) => [server(name), figures]));
    expect(reportOf(results).split("\n")[0]).to.match(/ours.*theirs.*ratio.*bare.*ratio/);
  });

  it("leaves the cells of a tool empty for a server that is none", () => {
    const ours = { ...figures, startMilliseconds: 1_000 };
    const rows = reportOf(
      new Map([
        [server("ours"), ours],
        [server("bare"), figures],
      ]),
    ).split("\n");
    expect(rows.find((row) => row.includes("command to first answer"))).to.match(/\| +1000 \| +\| +\|$/);
  });
});
