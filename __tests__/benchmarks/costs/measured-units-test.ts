import { expect } from "chai";
import measured from "../../../benchmarks/costs/units.json" with { type: "json" };
import { unitsOf } from "../../../benchmarks/costs/work.ts";

const reads = (members: number): number => unitsOf({ route: "sendmessage" }, members).reads;

describe("benchmarks/costs/units.json", () => {
  it("returns the measured units", () => {
    for (const { route, case: name, members, writes, reads } of measured) {
      expect(unitsOf({ route, case: name }, members), `${route} ${name}`).to.deep.equal({ writes, reads });
    }
  });

  it("is interpolated between measurements, and extrapolated beyond them", () => {
    const slope = (reads(1_000) - reads(100)) / 900;
    expect(reads(550)).to.be.closeTo((reads(100) + reads(1_000)) / 2, 1e-9);
    expect(reads(10_000)).to.be.closeTo(reads(1_000) + 9_000 * slope, 1e-9);
  });

  it("rejects a route without measurements", () => {
    expect(() => unitsOf({ route: "unmeasured" }, 1)).to.throw('no units of "unmeasured"');
  });
});
