import { expect } from "chai";
import { fillSections, percent, seconds, sectionsIn, thousands } from "../../../scripts/docs/markdown.ts";

const page = (first: string, second: string): string =>
  `# Page\n<!-- first -->\n${first}<!-- /first -->\ntext\n<!-- second -->\n${second}<!-- /second -->\n`;

describe("scripts/docs/sections", () => {
  it("replaces the content of each section", () => {
    expect(fillSections(page("old\n", ""), { second: "2 $& 2\n", first: "1\n" })).to.equal(page("1\n", "2 $& 2\n"));
  });

  it("reads the content of each section", () => {
    expect(sectionsIn(page("1\n2\n", ""))).to.deep.equal({ first: "1\n2\n", second: "" });
  });

  it("rejects a section that the page lacks, and one that the generator lacks", () => {
    expect(() => fillSections(page("", ""), { first: "" })).to.throw(
      "has the sections first, second, but the generator has first.",
    );
    expect(() => fillSections("", { first: "" })).to.throw("has the sections (none), but the generator has first.");
  });
});

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
