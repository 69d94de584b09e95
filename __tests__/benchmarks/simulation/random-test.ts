import { expect } from "chai";
import { sampleLatency, seeded } from "../../../benchmarks/simulation/random.ts";

describe("benchmarks/simulation/random", () => {
  it("returns the same numbers for the same seed, and others for another seed", () => {
    const numbers = (seed: number) => Array.from({ length: 5 }, seeded(seed));
    expect(numbers(7)).to.deep.equal(numbers(7));
    expect(numbers(7)).to.not.deep.equal(numbers(8));
    for (const number of numbers(7)) expect(number).to.be.within(0, 1);
  });

  it("draws latencies with the given median and 99th percentile", () => {
    const random = seeded(1);
    const all = Array.from({ length: 50_000 }, () => sampleLatency({ median: 10, p99: 60 }, random)).sort(
      (a, b) => a - b,
    );
    expect(all[25_000]).to.be.closeTo(10, 0.3);
    expect(all[49_500]).to.be.closeTo(60, 4);
    expect(all[0]).to.be.above(0);
  });
});
