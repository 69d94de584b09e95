import { expect } from "chai";
import fc from "fast-check";
import {
  type Growths,
  grow,
  growthAt,
  shardForNewcomer,
  shardsNeeded,
  shardsProvenBy,
} from "../../../chat/fan-out/growth.ts";
import { NOON } from "../../support/builders.ts";
import { SEED } from "../../support/random.ts";

const ids = Array.from({ length: 8_000 }, (_, index) => `d3Jk${String(index).padStart(7, "0")}MCE9Q=`);

describe("chat/fan-out/growth", () => {
  it("sends newcomers to the shards that the latest growth added", () => {
    for (const [newcomers, expected] of [
      [1, [0]],
      [2, [1]],
      [4, [2, 3]],
      [8, [4, 5, 6, 7]],
    ] as const) {
      const shards = new Set(ids.map((id) => shardForNewcomer(newcomers, id)));
      expect([...shards].sort()).to.deep.equal(expected);
    }
  });

  it("spreads newcomers evenly, and sends a connection to the same shard again", () => {
    const members = new Map<number, number>();
    for (const id of ids) {
      const shard = shardForNewcomer(16, id);
      expect(shardForNewcomer(16, id)).to.equal(shard);
      members.set(shard, (members.get(shard) ?? 0) + 1);
    }
    // A thousand each on average: five standard deviations are 150.
    for (const count of members.values()) expect(count).to.be.within(850, 1_150);
  });

  it("needs the power of two that the members of a shard fill, and keeps what is half full", () => {
    const needed = (shard: number, members: number): number => shardsNeeded(shard, members);
    expect([0, 1_000, 1_001, 2_000, 2_001, 60_000].map((members) => needed(0, members))).to.deep.equal([
      1, 1, 2, 2, 4, 64,
    ]);
    expect([500, 501, 1_000, 1_001, 4_001].map((members) => needed(5, members))).to.deep.equal([1, 8, 8, 16, 64]);
  });

  it("derives the minimum number of shards from a shard", () => {
    expect([0, 1, 2, 3, 4, 5, 7, 8].map(shardsProvenBy)).to.deep.equal([1, 2, 4, 4, 8, 8, 8, 16]);
  });

  it("stores at most one time for each number of shards, and drops expired ones", () => {
    let growths: Growths = {};
    for (const shards of [2, 4, 64, 4]) growths = grow(growths, shards, NOON);
    expect(Object.keys(growths)).to.deep.equal(["4", "64"]);
    expect(Object.keys(grow(growths, 2, NOON + 3 * 60 * 60 * 1000))).to.deep.equal(["2"]);
  });

  it("reads every shard for as long as a member of it can live, however the channel grows and shrinks", () => {
    const hours = 60 * 60 * 1000;
    const step = fc.record({ wait: fc.integer({ min: 0, max: 3 * hours }), power: fc.integer({ min: 0, max: 7 }) });
    const play = (steps: readonly { wait: number; power: number }[]): void => {
      let [growths, now]: [Growths, number] = [{}, NOON];
      let joined: { shard: number; until: number }[] = [];
      for (const { wait, power } of steps) {
        now += wait;
        growths = power > 0 ? grow(growths, 2 ** power, now) : growths;
        const { shards, newcomers } = growthAt(growths, now);
        joined = joined.filter(({ until }) => now < until);
        expect(Math.max(0, ...joined.map(({ shard }) => shard))).to.be.below(shards);
        // The last newcomer of this growth, whose `join` takes a while: its connection is new.
        joined.push({ shard: newcomers - 1, until: now + 2 * hours + 4 * 60_000 });
      }
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), play), { seed: SEED });
  });
});
