import { expect } from "chai";
import { checkShares } from "../../../benchmarks/harness/share-check.ts";

describe("benchmarks/harness/share-check", function () {
  this.timeout(20_000);

  // `limitCpu` has no effect on other systems.
  if (process.platform !== "linux") return;

  it("shows that a limited process takes at least as long as its share of a core lets it", async () => {
    const [check] = await checkShares({ memorySizes: [512], cpuMilliseconds: 60, rounds: 1 });
    if (check === undefined) throw new Error("Nothing was measured.");
    const { share, cpuMilliseconds, withLimit } = check;
    // The first part of a period is free of charge, and the limit is checked once in a millisecond.
    expect(withLimit).to.be.above((0.7 * cpuMilliseconds) / share);
  });
});
