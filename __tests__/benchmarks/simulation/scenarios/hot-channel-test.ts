import { expect } from "chai";
import { keepTalking } from "../../../../benchmarks/simulation/scenarios/hot-channel.ts";

describe("benchmarks/simulation/scenarios/hot-channel", () => {
  it("says what it is to say, and delivers all of it", async () => {
    const { usage, unsaid, p50, p99 } = await keepTalking({ members: 50, pushesPerSecond: 500 });
    expect(unsaid).to.equal(0);
    expect(usage.messages).to.equal(200 * 51);
    expect(p99).to.be.above(p50);
  });
});
