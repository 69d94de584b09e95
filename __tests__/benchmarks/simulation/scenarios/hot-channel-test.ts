import { expect } from "chai";
import { sendSteadily } from "../../../../benchmarks/simulation/scenarios/hot-channel.ts";

describe("benchmarks/simulation/scenarios/hot-channel", () => {
  it("sends all messages and delivers them to all members", async () => {
    const { usage, refusedShare, p50, p99 } = await sendSteadily({ members: 50, pushesPerSecond: 500 });
    expect(refusedShare).to.equal(0);
    expect(usage.messages).to.equal(200 * 51);
    expect(p99).to.be.above(p50);
  });
});
