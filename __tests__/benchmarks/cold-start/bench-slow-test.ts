import { expect } from "chai";
import { benchColdStarts, type ColdStart } from "../../../benchmarks/cold-start/bench.ts";
import { ENTRIES } from "../../../benchmarks/cold-start/events.ts";

describe("benchmarks/cold-start/bench", function () {
  // It starts many processes.
  this.timeout(180_000);

  let all: readonly ColdStart[];

  before(async () => {
    all = await benchColdStarts({ rounds: 1, node: process.execPath });
  });

  it("starts every function of the chat, and each textbook function next to the one it is compared with", () => {
    expect(all.filter(({ by }) => by === "chat").map(({ entry }) => entry)).to.deep.equal(ENTRIES);
    expect(all.slice(0, 4).map(({ entry, by }) => `${entry} ${by}`)).to.deep.equal([
      "connect textbook",
      "connect chat",
      "disconnect textbook",
      "disconnect chat",
    ]);
  });

  it("measures the load and the first call of each function", () => {
    for (const { loadMilliseconds, loadCpuMilliseconds, callMilliseconds } of all) {
      expect(Math.min(loadMilliseconds, loadCpuMilliseconds, callMilliseconds)).to.be.above(0);
    }
  });
});
