import { expect } from "chai";
import { budgetFor, bundleSizes, overBudget, readBudget } from "../../../benchmarks/cold-start/budget.ts";

const REMEDY = "If this is intended, run: npm run bench:cold -- --budget";

describe("benchmarks/cold-start/budget", () => {
  it("is kept by every function", async () => {
    expect(overBudget(await bundleSizes(), readBudget())).to.deep.equal([]);
  });

  it("is rounded up to the next 5,000 bytes", () => {
    expect(budgetFor({ one: 1_121, other: 375_000 })).to.deep.equal({ one: 5_000, other: 375_000 });
  });

  it("names a bundle that is too large, and what to do", () => {
    expect(overBudget({ one: 5_001 }, { one: 5_000 })).to.deep.equal([
      `The bundle of one has 5001 bytes. Its budget is 5000. ${REMEDY}`,
    ]);
  });

  it("allows no bundle more than 240,000 bytes, regardless of its budget", () => {
    expect(overBudget({ one: 240_001 }, { one: 500_000 })).to.deep.equal([
      "The bundle of one has 240001 bytes. At most 240000 are allowed.",
    ]);
  });

  it("has an entry for each function and no others", () => {
    expect(overBudget({ newcomer: 1 }, { left: 5_000 })).to.deep.equal([
      `newcomer has no budget. ${REMEDY}`,
      `left has a budget but is not a function. ${REMEDY}`,
    ]);
  });
});
