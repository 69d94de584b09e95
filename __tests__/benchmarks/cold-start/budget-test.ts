import { expect } from "chai";
import { budgetFor, bundleSizes, overBudget, readBudget } from "../../../benchmarks/cold-start/budget.ts";

const REMEDY = "Where that is meant: npm run bench:cold -- --budget";

describe("the budget of bundles", () => {
  it("holds for every function", async () => {
    expect(overBudget(await bundleSizes(), readBudget())).to.deep.equal([]);
  });

  it("leaves room up to the next five thousand bytes", () => {
    expect(budgetFor({ one: 1_121, other: 375_000 })).to.deep.equal({ one: 5_000, other: 375_000 });
  });

  it("names what is too large, and the remedy", () => {
    expect(overBudget({ one: 5_001 }, { one: 5_000 })).to.deep.equal([
      `one has 5001 bytes, and 5000 are allowed. ${REMEDY}`,
    ]);
  });

  it("allows nobody more than 410,000 bytes, whatever the budget", () => {
    expect(overBudget({ one: 410_001 }, { one: 500_000 })).to.deep.equal([
      "one has 410001 bytes, and none may have more than 410000.",
    ]);
  });

  it("is of the functions that there are", () => {
    expect(overBudget({ newcomer: 1 }, { left: 5_000 })).to.deep.equal([
      `newcomer has no budget. ${REMEDY}`,
      `left has a budget and is no function. ${REMEDY}`,
    ]);
  });
});
