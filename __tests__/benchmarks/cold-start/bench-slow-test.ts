import { expect } from "chai";
import { benchCold, type ColdStart } from "../../../benchmarks/cold-start/bench.ts";
import { ENTRIES } from "../../../benchmarks/cold-start/events.ts";

describe("the cold start's benchmark", function () {
  // It starts many processes, and the machine may have others.
  this.timeout(180_000);

  let all: readonly ColdStart[];

  before(async () => {
    all = await benchCold({ rounds: 1, node: process.execPath });
  });

  it("starts every function of the chat, and those that the textbook has beside their likes", () => {
    expect(all.filter(({ by }) => by === "chat").map(({ entry }) => entry)).to.deep.equal(ENTRIES);
    expect(all.slice(0, 4).map(({ entry, by }) => `${entry} ${by}`)).to.deep.equal([
      "connect textbook",
      "connect chat",
      "disconnect textbook",
      "disconnect chat",
    ]);
  });

  it("has the time of each to load, and to answer for the first time", () => {
    for (const { loadMilliseconds, loadCpuMilliseconds, callMilliseconds } of all) {
      expect(Math.min(loadMilliseconds, loadCpuMilliseconds, callMilliseconds)).to.be.above(0);
    }
  });
});
