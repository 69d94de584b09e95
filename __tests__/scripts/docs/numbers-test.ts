import { expect } from "chai";
import { percent, seconds, thousands } from "../../../scripts/docs/markdown.ts";

describe("scripts/docs/numbers", () => {
  it("rounds figures to meaningful digits", () => {
    expect([seconds(49), seconds(1_250), seconds(9_949), seconds(9_960), seconds(130_036)]).to.deep.equal([
      "0.0 s",
      "1.3 s",
      "9.9 s",
      "10 s",
      "130 s",
    ]);
    expect([thousands(999.6), thousands(1_053_188)]).to.deep.equal(["1,000", "1,053,188"]);
    expect(percent(0.2328)).to.equal("23 %");
  });
});
