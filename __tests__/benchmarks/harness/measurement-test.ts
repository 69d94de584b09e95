import { expect } from "chai";
import { median, quantile } from "../../../benchmarks/harness/measurement.ts";

describe("figures", () => {
  it("have the median of their values by size, whatever their order", () => {
    expect(median([30, 1, 200])).to.equal(30);
  });

  it("have the value below which a share of the values is", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index);
    expect(quantile(hundred, 0.99)).to.equal(99);
    expect(quantile(hundred, 0.25)).to.equal(25);
  });
});
