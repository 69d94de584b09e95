import { expect } from "chai";
import { benchMemory, NETWORK } from "../../../benchmarks/costs/memory.ts";

describe("benchmarks/costs/memory", function () {
  // It starts four processes.
  this.timeout(180_000);

  it("measures cold starts and warm messages, which wait for the network", async () => {
    const options = { megabytes: [1_769], rounds: 1, messages: 1, node: process.execPath };
    const [figures] = await benchMemory(options);
    expect(figures?.megabytes).to.equal(1_769);
    // The read of the sender, the write of the message and the read of the members, one after the other.
    expect(figures?.firstPush).to.be.above(3 * NETWORK.table);
    expect(figures?.lastPush).to.be.at.least(figures?.firstPush ?? 0);
    expect(Math.min(...Object.values(figures ?? {}))).to.be.above(0);
  });
});
