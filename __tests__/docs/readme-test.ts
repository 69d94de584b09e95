import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");

describe("README.md", () => {
  it("has at most 120 lines besides the table of routes, which grows with each route", () => {
    const [before = "", , after = ""] = readme.split(/<!-- \/?routes -->\n/);
    expect(after).to.include("## Cost");
    expect(`${before}${after}`.trimEnd().split("\n").length).to.be.at.most(120);
  });

  it("links to every document", () => {
    const pages = readdirSync(join(ROOT, "docs")).filter((file) => file.endsWith(".md"));
    expect(pages.filter((page) => !readme.includes(`](docs/${page}`))).to.deep.equal([]);
  });
});
