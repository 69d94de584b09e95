import { expect } from "chai";
import { priceOfMillion } from "../../../benchmarks/costs/memory.ts";

describe("benchmarks/costs/memory, the price of a million messages", () => {
  const price = priceOfMillion({ megabytes: 1_024, duration: 20 });

  it("has the billed duration times the memory, and the requests", () => {
    expect(price.gigabyteSeconds).to.equal(20_000);
    expect(price.lambdaDollars).to.be.closeTo(20_000 * 0.0000133334 + 0.2, 1e-9);
  });

  it("has the frame, ten pushes and the units of a message", () => {
    expect(price.dollars - price.lambdaDollars).to.be.closeTo(11 + 0.625 + 2 * 0.125, 1e-9);
  });

  it("doubles with the memory if the duration stays", () => {
    const { gigabyteSeconds } = priceOfMillion({ megabytes: 2_048, duration: 20 });
    expect(gigabyteSeconds).to.equal(2 * price.gigabyteSeconds);
  });
});
