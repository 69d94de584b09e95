import { expect } from "chai";
import { tokenBucket } from "../../../benchmarks/simulation/quotas.ts";

describe("benchmarks/simulation/quotas", () => {
  let now = 0;
  const taken = (take: () => boolean, attempts: number) =>
    Array.from({ length: attempts }, take).filter(Boolean).length;

  beforeEach(() => {
    now = 0;
  });

  it("starts with a full burst, and refills over time", () => {
    const take = tokenBucket({ perSecond: 100, burst: 50 }, () => now);
    expect(taken(take, 80)).to.equal(50);
    now += 100;
    expect(taken(take, 80)).to.equal(10);
  });

  it("never holds more than the burst", () => {
    const take = tokenBucket({ perSecond: 100, burst: 50 }, () => now);
    now += 60_000;
    expect(taken(take, 80)).to.equal(50);
  });

  it("takes all of the requested tokens or none", () => {
    const take = tokenBucket({ perSecond: 10, burst: 10 }, () => now);
    expect([take(7.5), take(3), take(2.5)]).to.deep.equal([true, false, true]);
  });
});
