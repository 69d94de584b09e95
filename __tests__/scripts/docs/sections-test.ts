import { expect } from "chai";
import { fillSections, sectionsIn } from "../../../scripts/docs/sections.ts";

const page = (first: string, second: string): string =>
  `# Page\n<!-- first -->\n${first}<!-- /first -->\ntext\n<!-- second -->\n${second}<!-- /second -->\n`;

describe("scripts/docs/sections", () => {
  it("puts each section in its place, in place of what was there", () => {
    expect(fillSections(page("old\n", ""), { second: "2 $& 2\n", first: "1\n" })).to.equal(page("1\n", "2 $& 2\n"));
  });

  it("tells what is in the places of a page", () => {
    expect(sectionsIn(page("1\n2\n", ""))).to.deep.equal({ first: "1\n2\n", second: "" });
  });

  it("refuses a section without a place, and a place without a section", () => {
    expect(() => fillSections(page("", ""), { first: "" })).to.throw("has places for first, second, and gets first.");
    expect(() => fillSections("", { first: "" })).to.throw("and gets first.");
  });
});
