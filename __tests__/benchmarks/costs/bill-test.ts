import { expect } from "chai";
import { billOf, type Consumption, totalOf } from "../../../benchmarks/costs/bill.ts";

const NOTHING: Consumption = {
  messages: 0,
  connectionMinutes: 0,
  invocations: 0,
  gigabyteSeconds: 0,
  readUnits: 0,
  writeUnits: 0,
  storedGigabytes: 0,
  logGigabytes: 0,
  metricMonths: 0,
};

const dollars = (own: Partial<Consumption>): number => totalOf(billOf({ ...NOTHING, ...own }));

describe("benchmarks/costs/bill", () => {
  it("is zero if nothing is used", () => {
    expect(dollars({})).to.equal(0);
    expect(billOf(NOTHING)).to.have.length(9);
  });

  it("uses the price of a million of each item", () => {
    const million = 1_000_000;
    expect(dollars({ messages: million })).to.equal(1);
    expect(dollars({ connectionMinutes: million })).to.equal(0.25);
    expect(dollars({ invocations: million })).to.equal(0.2);
    expect(dollars({ gigabyteSeconds: million })).to.be.closeTo(13.3334, 1e-9);
    expect(dollars({ writeUnits: million })).to.equal(0.625);
    expect(dollars({ readUnits: million })).to.equal(0.125);
    expect(dollars({ logGigabytes: 2 })).to.equal(1);
    expect(dollars({ metricMonths: 10 })).to.equal(3);
  });

  it("uses the lower price for messages beyond the first billion", () => {
    expect(dollars({ messages: 1e9 })).to.equal(1_000);
    expect(dollars({ messages: 3e9 })).to.equal(1_000 + 2_000 * 0.8);
  });

  it("includes 25 GB of free storage", () => {
    expect(dollars({ storedGigabytes: 25 })).to.equal(0);
    expect(dollars({ storedGigabytes: 29 })).to.equal(1);
  });
});
