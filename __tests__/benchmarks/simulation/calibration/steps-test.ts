import { expect } from "chai";
import { mediansOf, type Steps, simulateLastDelivery } from "../../../../benchmarks/simulation/calibration/steps.ts";

const exactly = (milliseconds: number) => ({ median: milliseconds, p99: milliseconds });
const steps: Steps = { route: exactly(2), push: exactly(1), pushAtOnce: 0.5, request: exactly(3), member: 0.01 };

describe("benchmarks/simulation/calibration/steps", () => {
  it("adds up the steps of a delivery, one push after the other", async () => {
    // The frame, three requests, a page of members, then their pushes. The response to the last push does not count.
    expect(await simulateLastDelivery(100, steps)).to.be.closeTo(2 + 3 * 3 + 1 + 100 * 0.5 + 0.25, 0.01);
    expect(await simulateLastDelivery(400, steps)).to.be.closeTo(2 + 3 * 3 + 4 + 400 * 0.5 + 0.25, 0.01);
  });

  it("takes the median of each step separately", () => {
    const rounds = [1, 9, 2].map((factor) => ({ ...steps, pushAtOnce: factor, push: exactly(10 - factor) }));
    expect(mediansOf(rounds)).to.deep.equal({ ...steps, pushAtOnce: 2, push: exactly(8) });
  });
});
