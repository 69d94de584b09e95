import { expect } from "chai";
import { Audience } from "../../../../benchmarks/simulation/audience.ts";
import { broadcast, fill } from "../../../../benchmarks/simulation/scenarios/large-channel.ts";
import { SHARD_MEMBERS } from "../../../../chat/channel.ts";
import { HOPS_MAX } from "../../../../chat/fan-out/tasks.ts";

describe("benchmarks/simulation/scenarios/large-channel", () => {
  it("fills a channel that grows before its shards are too large", () => {
    const audience = new Audience(() => 0);
    fill({ audience }, 20_000);
    expect(audience.size).to.equal(20_000);
    expect(Math.max(...audience.shards.map((shard) => shard.length))).to.be.at.most(SHARD_MEMBERS + 1);
  });

  it("delivers once to each member, and not faster than the quota allows", async () => {
    const result = await broadcast({ members: 4_000, quotas: { requests: { perSecond: 1_000, burst: 1_000 } } });
    expect(result).to.include({ members: 4_000, once: 4_000, again: 0, never: 0, floor: 3_000 });
    expect(result.last).to.be.above(result.p99).and.above(result.floor);
    expect(result.p99).to.be.above(result.p50);
    expect(result.othersRefused).to.be.within(0.01, 1);
  });

  it("needs fewer than HOPS_MAX hops, even if the quota stretches delivery to minutes", async () => {
    const result = await broadcast({ members: 20_000, quotas: { requests: { perSecond: 100, burst: 100 } } });
    expect(result).to.include({ once: 20_000, floor: 199_000 });
    expect(result.hops).to.be.within(2, HOPS_MAX - 1);
  });
});
