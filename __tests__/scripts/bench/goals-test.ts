import { expect } from "chai";
import type { ColdStart } from "../../../benchmarks/cold-start/bench.ts";
import type { Figures } from "../../../benchmarks/fan-out/rounds.ts";
import { goalsChapter } from "../../../scripts/bench/goals.ts";

const cold = (by: ColdStart["by"], totalMilliseconds: number): ColdStart[] =>
  ["connect", "send-message"].map((entry) => ({
    entry,
    by,
    bytes: 110_000,
    loadMilliseconds: 1,
    loadCpuMilliseconds: 1,
    callMilliseconds: 1,
    callCpuMilliseconds: 1,
    totalMilliseconds,
  }));

const figures = (subject: Figures["subject"], cpuMicrosecondsPerRecipient: number): Figures[] =>
  [1, 10, 100, 1_000, 10_000].map((size) => ({
    subject,
    size,
    cpuMicrosecondsPerRecipient,
    recipientsPerSecond: 1,
    p50: 1,
    p99: 1,
    last: 1,
    reads: 4,
    writes: 1,
    requestsBefore: 3,
    requestsInARow: 2,
    deaths: [],
  }));

const results = {
  cold: [...cold("textbook", 400), ...cold("chat", 100)],
  figures: [...figures("chat", 60), ...figures("textbook", 200), ...figures("floor", 30)],
  memory: [],
  warm: [
    { subject: "chat", size: 10, warmUpMessages: 20, first: 10, last: 20, cpuMilliseconds: 3 },
    { subject: "textbook", size: 10, warmUpMessages: 20, first: 50, last: 50, cpuMilliseconds: 9 },
  ] as const,
};

describe("scripts/bench/goals", () => {
  const { goals = "" } = goalsChapter(results).tables;

  it("compares the chat with the textbook, and says which goals are met", () => {
    expect(goals)
      .to.contain("| cold start of `sendmessage`, of the textbook's | 0.35 | 0.25 | yes |")
      .and.contain("| CPU per message to 1, of the textbook's | 0.35 | 0.3 | yes |")
      .and.contain("| CPU per message to 10, of the textbook's | 0.25 | 0.3 | no |");
  });

  it("compares large audiences with the floor", () => {
    expect(goals).to.contain("| CPU per recipient of 10,000, of the floor's | 2 | 2 | yes |");
  });

  it("compares the first and the last push of a warm function", () => {
    expect(goals).to.match(/\| .*first push to 10.* 20 messages.* \| 0\.25 \| 0\.2 \| yes \|/);
    expect(goals).to.match(/\| .*last push to 10.* 20 messages.* \| 0\.25 \| 0\.4 \| no \|/);
  });

  it("shows the size of the bundles and the use of the table", () => {
    expect(goals)
      .to.contain("| bytes of the bundle of `$connect` | 120,000 | 110,000 | yes |")
      .and.contain("| read units of a message to 100 | 2 | 4 | no |")
      .and.contain("before the first push, one after the other | 2 | 2 | yes |");
  });

  it("requires a figure for each goal", () => {
    expect(() => goalsChapter({ ...results, figures: [] })).to.throw("not measured a figure that has a goal");
  });
});
