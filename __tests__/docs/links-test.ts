import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";

const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter(Boolean);

/** A page without its code blocks. */
const prose = (page: string): string => readFileSync(join(ROOT, page), "utf8").replace(/^ *```.*?^ *```/gms, "");

/** The anchor that GitHub generates for a heading: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

const anchorsIn = (page: string): string[] =>
  [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));

const relativeLinksIn = (page: string): string[] =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));

/** Whether the file of a link exists, and the heading if the link has an anchor. */
function isValid(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  return existsSync(join(ROOT, target)) && (anchor === undefined || anchorsIn(target).includes(anchor));
}

describe("links between pages", () => {
  for (const page of PAGES.filter((page) => relativeLinksIn(page).length > 0)) {
    it(`of ${page} have existing files and headings as targets`, () => {
      expect(relativeLinksIn(page).filter((link) => !isValid(page, link))).to.deep.equal([]);
    });
  }

  it("are reported if the file or heading does not exist", () => {
    expect(["gone.md", "#gone", "docs/costs.md#gone"].filter((link) => isValid("README.md", link))).to.deep.equal([]);
  });
});
