import { expect } from "chai";
import { benchFanOut, type FanOutResults } from "../../../benchmarks/fan-out/bench.ts";
import type { Figures } from "../../../benchmarks/fan-out/rounds.ts";

const SIZES = [2, 1_100];

describe("benchmarks/fan-out/bench", function () {
  // It starts many processes.
  this.timeout(180_000);

  let results: FanOutResults;

  before(async () => {
    results = await benchFanOut({
      sizes: SIZES,
      memorySizes: SIZES,
      rounds: 1,
      warmUpMessages: 1,
      warmUpRecipients: 1,
      recipients: 1,
      messagesMax: 1,
      memoryRecipients: 1,
      warmUps: [1],
      warmMessages: 1,
    });
  });

  const figuresOf = (subject: Figures["subject"], size: number): Figures =>
    results.figures.find((one) => one.subject === subject && one.size === size) as Figures;

  it("measures every subject with every audience", () => {
    for (const subject of ["chat", "textbook", "floor"] as const) {
      for (const size of SIZES) {
        const { cpuMicrosecondsPerRecipient, recipientsPerSecond, p50, last, deaths } = figuresOf(subject, size);
        expect(Math.min(cpuMicrosecondsPerRecipient, recipientsPerSecond, p50)).to.be.above(0);
        expect(last).to.be.at.least(p50);
        expect(deaths).to.deep.equal([]);
      }
    }
  });

  it("counts the units of a message: the chat reads the sender and stores the message, the textbook only scans", () => {
    expect(figuresOf("chat", 2)).to.include({ reads: 2, writes: 1 });
    expect(figuresOf("textbook", 2)).to.include({ reads: 0.5, writes: 0 });
    expect(figuresOf("floor", 2)).to.include({ reads: 0, writes: 0 });
  });

  it("counts the functions to which the chat hands over: more shards need more reads", () => {
    expect(figuresOf("chat", SIZES[1] ?? 0).reads).to.be.above(10);
  });

  it("counts the requests before the first push, and how many of them wait for another one", () => {
    expect(figuresOf("chat", 2)).to.include({ requestsBefore: 3, requestsInARow: 3 });
    expect(figuresOf("textbook", 2)).to.include({ requestsBefore: 1, requestsInARow: 1 });
    expect(figuresOf("floor", 2)).to.include({ requestsBefore: 0, requestsInARow: 0 });
  });

  it("measures the first and the last push of a warm function of the chat and of the textbook", () => {
    expect(results.warm.map(({ subject, warmUpMessages }) => [subject, warmUpMessages])).to.deep.equal([
      ["chat", 1],
      ["textbook", 1],
    ]);
    for (const { first, last } of results.warm) expect(last).to.be.above(first);
  });

  it("measures the peak memory of a new process, for every audience", () => {
    expect(results.memory.map(({ subject, size }) => [subject, size])).to.deep.equal([
      ["chat", 2],
      ["chat", 1_100],
      ["textbook", 2],
      ["textbook", 1_100],
    ]);
    for (const { heapBytes, residentBytes } of results.memory) expect(residentBytes).to.be.above(heapBytes);
  });
});
