import { expect } from "chai";
import { rulesTable, summaryTable } from "./results.ts";

const hardRule = (rule: string, passed: boolean) => ({ rule, isSoft: false, passed });
const softRule = (rule: string, passed: boolean) => ({ rule, isSoft: true, passed });

const results = {
  "this emulator": [hardRule("HS-01", true), hardRule("HS-02", true), hardRule("HS-27", true), softRule("HS-27", true)],
  other: [hardRule("HS-01", true), hardRule("HS-27", false)],
};

describe("conformance: the comparison of engines", () => {
  it("counts the rules that an engine passes, fails and does not test", () => {
    expect(summaryTable(results).split("\n").slice(2, 4)).to.deep.equal([
      "| this emulator | 3 of 3 | 0 | 0 | 1 of 1 | 0 | 0 |",
      "| other | 1 of 3 | 1 | 1 | 0 of 1 | 0 | 1 |",
    ]);
  });

  it("shows the result of each rule, and an empty cell for a rule that is not tested", () => {
    expect(rulesTable(results).split("\n").slice(2, 6)).to.deep.equal([
      "| HS-01 | hard | pass | pass |",
      "| HS-02 | hard | pass |  |",
      "| HS-27 | hard | pass | **fail** |",
      "| HS-27 | soft | pass |  |",
    ]);
  });
});
