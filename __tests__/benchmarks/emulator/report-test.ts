import { expect } from "chai";
import type { Figures } from "../../../benchmarks/harness/measurement.ts";
import type { Server } from "../../../benchmarks/harness/server-process.ts";
import { tableOf } from "../../../benchmarks/emulator/report.ts";

const server = (name: string): Server => ({ name, start: () => Promise.reject(new Error("It is not to be started.")) });

const figures: Figures = {
  connectionsPerSecond: 300,
  messagesPerSecondInTurn: 5_000,
  messagesPerSecondAtOnce: 9_000,
  echoMillisecondsP50: 0.2,
  echoMillisecondsP99: 1,
  broadcastMilliseconds: 100,
};

describe("the table of figures", () => {
  it("says how many times better the first server is: more of what is counted, less of what is waited for", () => {
    const slower = { ...figures, connectionsPerSecond: 100, broadcastMilliseconds: 400 };
    const rows = tableOf(
      new Map([
        [server("ours"), figures],
        [server("theirs"), slower],
      ]),
    ).split("\n");
    expect(rows.find((row) => row.includes("connections/s"))).to.match(/\| +300 \| +100 \| +3\.00× \|$/);
    expect(rows.find((row) => row.includes("broadcast"))).to.match(/\| +100 \| +400 \| +4\.00× \|$/);
  });

  it("has a column for every server, by its name", () => {
    const results = new Map(["ours", "theirs", "bare"].map((name) => [server(name), figures]));
    expect(tableOf(results).split("\n")[0]).to.match(/ours.*theirs.*ratio.*bare.*ratio/);
  });
});
