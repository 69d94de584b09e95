import { expect } from "chai";
import { idOf } from "../../../benchmarks/simulation/audience.ts";
import { Deliveries, quantileOf } from "../../../benchmarks/simulation/deliveries.ts";

describe("benchmarks/simulation/deliveries", () => {
  it("counts the deliveries to each connection, and keeps the time of the first one", () => {
    const deliveries = new Deliveries(100, 4);
    for (const [connection, now] of [
      [0, 110],
      [1, 120],
      [1, 190],
    ] as const)
      deliveries.record(idOf(connection), now);
    expect([0, 1, 2].map((times) => deliveries.connectionsThatReceived(times))).to.deep.equal([2, 1, 1]);
    expect([...deliveries.times()]).to.deep.equal([10, 20]);
    expect(deliveries.isComplete()).to.equal(false);
    for (const connection of [2, 3]) deliveries.record(idOf(connection), 130);
    expect(deliveries.isComplete()).to.equal(true);
  });

  it("ignores connections that were opened after the message", () => {
    const deliveries = new Deliveries(0, 1);
    deliveries.record(idOf(5), 10);
    expect(deliveries.connectionsThatReceived(0)).to.equal(1);
  });

  it("finds quantiles", () => {
    const values = Float64Array.from([5, 1, 4, 2, 3]);
    expect([0, 0.5, 1].map((share) => quantileOf(values, share))).to.deep.equal([1, 3, 5]);
  });
});
