import { expect } from "chai";
import { Audience } from "../../simulation/audience.ts";

const idsOf = ({ members }: { members: readonly { id: string }[] }) => members.map(({ id }) => Number(id));

describe("simulation/audience", () => {
  it("gives a shard's members page by page, in the order of their ids", () => {
    const audience = new Audience();
    for (let member = 0; member < 5; member += 1) audience.add(0);
    const first = audience.page(0, { limit: 3 });
    expect(idsOf(first)).to.deep.equal([0, 1, 2]);
    const second = audience.page(0, { limit: 3, after: first.next });
    expect([idsOf(second), second.next]).to.deep.equal([[3, 4], undefined]);
  });

  it("doubles its shards once for all who ask at the same time", () => {
    const audience = new Audience();
    audience.grow(1);
    audience.grow(1);
    expect(audience.shards).to.have.length(2);
  });

  it("tells how many shards there are with the first page of the first alone", () => {
    const audience = new Audience();
    audience.grow(1);
    for (const shard of [0, 0, 1]) audience.add(shard);
    const shards = [audience.page(0, { limit: 1 }), audience.page(0, { after: "00000000" }), audience.page(1, {})];
    expect(shards.map((page) => page.shards)).to.deep.equal([2, undefined, undefined]);
    expect(idsOf(audience.page(1, {}))).to.deep.equal([2]);
  });
});
