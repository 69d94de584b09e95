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

/** What a page says, without its code. */
const prose = (page: string): string => readFileSync(join(ROOT, page), "utf8").replace(/^ *```.*?^ *```/gms, "");

/** As GitHub makes them: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

const anchorsIn = (page: string): string[] =>
  [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));

const relativeLinksIn = (page: string): string[] =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));

/** Whether a link leads to a file, and to a heading in it where it names one. */
function leads(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  return existsSync(join(ROOT, target)) && (anchor === undefined || anchorsIn(target).includes(anchor));
}

describe("links between pages", () => {
  for (const page of PAGES.filter((page) => relativeLinksIn(page).length > 0)) {
    it(`of ${page} lead to a file, and to a heading that is there`, () => {
      expect(relativeLinksIn(page).filter((link) => !leads(page, link))).to.deep.equal([]);
    });
  }

  it("that lead nowhere are found", () => {
    expect(["gone.md", "#gone", "docs/costs.md#gone"].filter((link) => leads("README.md", link))).to.deep.equal([]);
  });
});
