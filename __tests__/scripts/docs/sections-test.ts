import { expect } from "chai";
import { fillSections, sectionsIn } from "../../../scripts/docs/markdown.ts";

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
