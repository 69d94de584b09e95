import { expect } from "chai";
import { idOf } from "../../../benchmarks/simulation/audience.ts";
import { Deliveries, quantile } from "../../../benchmarks/simulation/deliveries.ts";

describe("benchmarks/simulation/deliveries", () => {
  it("knows who was reached how often, and when first", () => {
    const said = new Deliveries(100, 4);
    for (const [connection, now] of [
      [0, 110],
      [1, 120],
      [1, 190],
    ] as const)
      said.hear(idOf(connection), now);
    expect([0, 1, 2].map((times) => said.reached(times))).to.deep.equal([2, 1, 1]);
    expect([...said.times()]).to.deep.equal([10, 20]);
    expect(said.isHeardByAll()).to.equal(false);
    for (const connection of [2, 3]) said.hear(idOf(connection), 130);
    expect(said.isHeardByAll()).to.equal(true);
  });

  it("leaves out who came after it was said", () => {
    const said = new Deliveries(0, 1);
    said.hear(idOf(5), 10);
    expect(said.reached(0)).to.equal(1);
  });

  it("finds quantiles", () => {
    const values = Float64Array.from([5, 1, 4, 2, 3]);
    expect([0, 0.5, 1].map((share) => quantile(values, share))).to.deep.equal([1, 3, 5]);
  });
});
