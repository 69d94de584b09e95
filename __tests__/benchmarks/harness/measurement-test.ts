import { expect } from "chai";
import { median, quantile } from "../../../benchmarks/harness/measurement.ts";

describe("benchmarks/harness/measurement", () => {
  it("finds the median of values in any order", () => {
    expect(median([30, 1, 200])).to.equal(30);
  });

  it("finds the value below which a share of the values lies", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index);
    expect(quantile(hundred, 0.99)).to.equal(99);
    expect(quantile(hundred, 0.25)).to.equal(25);
  });
});
