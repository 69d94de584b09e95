import { expect } from "chai";
import { Audience } from "../../../benchmarks/simulation/audience.ts";

const idsOf = ({ members }: { members: readonly { id: string }[] }) => members.map(({ id }) => Number(id));

describe("benchmarks/simulation/audience", () => {
  it("returns the members of a shard page by page, in the order of their ids", () => {
    const audience = new Audience(() => 0);
    for (let member = 0; member < 5; member += 1) audience.add(0);
    const first = audience.page(0, { limit: 3 });
    expect(idsOf(first)).to.deep.equal([0, 1, 2]);
    const second = audience.page(0, { limit: 3, after: first.next });
    expect([idsOf(second), second.next]).to.deep.equal([[3, 4], undefined]);
  });

  it("grows once if several functions ask at the same time", () => {
    const audience = new Audience(() => 0);
    audience.grow(4);
    audience.grow(4);
    audience.grow(2);
    expect(audience.shards).to.have.length(4);
  });

  it("returns the number of shards with the first page of the first shard only", () => {
    const audience = new Audience(() => 0);
    audience.grow(2);
    for (const shard of [0, 0, 1]) audience.add(shard);
    const shards = [audience.page(0, { limit: 1 }), audience.page(0, { after: "00000000" }), audience.page(1, {})];
    expect(shards.map((page) => page.growth?.shards)).to.deep.equal([2, undefined, undefined]);
    expect(idsOf(audience.page(1, {}))).to.deep.equal([2]);
  });
});
