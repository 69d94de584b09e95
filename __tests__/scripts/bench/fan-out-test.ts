import { expect } from "chai";
import type { Figures } from "../../../benchmarks/fan-out/rounds.ts";
import { fanOutChapter } from "../../../scripts/bench/fan-out.ts";

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
  memory: [{ subject: "chat", size: 100, heapBytes: 12_400_000, residentBytes: 90_000_000 }],
});

describe("the chapter on the fan-out", () => {
  it("sets what a recipient takes against the textbook's and the floor's, of the same audience", () => {
    expect(chapter.sections.fanout).to.match(
      /\| 100 \| chat \| 60 µs \| 0\.10× \| 2\.00× \| 9,000 \| 5\.0 ms \| 9\.5 ms \| 10 ms \|/,
    );
  });

  it("tells who died, and of what", () => {
    expect(chapter.sections.fanout).to.match(/\| 10,000 \| textbook \|.*\| 1 times: out of memory \|\n/);
  });

  it("has the memory in megabytes", () => {
    expect(chapter.sections.memory).to.contain("| 100 | chat | 12 MB | 90 MB |  |");
  });

  it("draws a line for each, without what is no number", () => {
    const plot = chapter.plots["fan-out-cpu.svg"] ?? "";
    expect(plot.match(/<polyline/g)).to.have.length(3);
    expect(plot).to.not.contain("NaN");
  });
});
