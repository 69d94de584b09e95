import { expect } from "chai";
import type { Figures } from "../../../benchmarks/fan-out/rounds.ts";
import { fanOutChapter, socketsChapter } from "../../../scripts/bench/fan-out.ts";

const figures = (own: Partial<Figures>): Figures => ({
  subject: "chat",
  size: 100,
  cpuMicrosecondsPerRecipient: 60,
  recipientsPerSecond: 9_000,
  p50: 5,
  p99: 9.5,
  last: 10,
  reads: 2.5,
  writes: 1,
  requestsBefore: 3,
  requestsInARow: 2,
  deaths: [],
  ...own,
});

const dead = { subject: "textbook", size: 10_000, cpuMicrosecondsPerRecipient: Number.NaN, last: Number.NaN } as const;

const chapter = fanOutChapter({
  figures: [
    figures({}),
    figures({ subject: "textbook", cpuMicrosecondsPerRecipient: 600 }),
    figures({ subject: "floor", cpuMicrosecondsPerRecipient: 30 }),
    figures({ ...dead, deaths: ["out of memory\nat a place"] }),
  ],
  warm: [{ subject: "chat", size: 10, warmUpMessages: 300, first: 8.2, last: 12.4, cpuMilliseconds: 3 }],
  memory: [{ subject: "chat", size: 100, heapBytes: 12_400_000, residentBytes: 90_000_000 }],
});

describe("scripts/bench/fan-out", () => {
  it("compares the CPU of a recipient with the textbook and the floor, for the same audience", () => {
    expect(chapter.tables.fanout).to.match(
      /\| 100 \| chat \| 6\.0 ms \| 60 µs \| 0\.10× \| 2\.00× \| 9,000 \| 5\.0 ms \| 9\.5 ms \| 10 ms \|/,
    );
  });

  it("shows functions that died, and why", () => {
    expect(chapter.tables.fanout).to.match(/\| 10,000 \| textbook \|.*\| 1 times: out of memory \|\n/);
  });

  it("shows memory in megabytes", () => {
    expect(chapter.tables.memory).to.contain("| 100 | chat | 12 MB | 90 MB |  |");
  });

  it("shows the latency of a warm function", () => {
    expect(chapter.tables.warm).to.contain("| 300 | 10 | chat | 8.2 ms | 12 ms | 3.0 ms |");
  });

  it("shows the requests before the first push", () => {
    expect(chapter.tables.fanout).to.contain("| 2.5 | 1 | 3, 2 in a row |");
  });

  it("draws a line for each subject with a value for every audience, and names the others", () => {
    expect(chapter.charts?.cpu_chart)
      .to.contain("Not drawn, because a value is missing: textbook.")
      .and.not.contain("NaN");
  });

  it("shows the results of real sockets", () => {
    const { tables } = socketsChapter({ sockets: 10_000, connectionsPerSecond: 812.4, last: 2_840, again: 3 });
    expect(tables.sockets).to.contain("| 10,000 | all | 812 | 2.8 s | 3 |");
  });
});
