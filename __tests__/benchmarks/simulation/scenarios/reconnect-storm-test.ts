import { expect } from "chai";
import { reconnectAll } from "../../../../benchmarks/simulation/scenarios/reconnect-storm.ts";

describe("benchmarks/simulation/scenarios/reconnect-storm", () => {
  it("reconnects all clients, and not faster than the quota of handshakes allows", async () => {
    const storm = await reconnectAll({ clients: 1_500, secondsBetweenMessages: 10 });
    expect(storm.backAfter(1)).to.be.above(2);
    expect(storm.backAfter(0.5)).to.be.below(storm.backAfter(0.99));
    expect(storm.refused).to.be.above(0);
    expect(storm.usage.writeUnits).to.be.at.least(3_000);
  });

  it("leaves fewer members in the largest shard if more messages are sent meanwhile", async () => {
    const largest = async (secondsBetweenMessages: number) =>
      (await reconnectAll({ clients: 4_000, secondsBetweenMessages })).largestShard;
    expect(await largest(1)).to.be.below(await largest(60));
  });
});
