import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";

const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");

const sectionOf = (heading: string): string => page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";

describe("docs/architecture.md", () => {
  it("describes every folder of the repository that has code", () => {
    const files = execFileSync("git", ["ls-files", "*.ts", "*.mjs"], { cwd: ROOT, encoding: "utf8" }).split("\n");
    const folders = files.flatMap((file) => /^[^/]+\//.exec(file)?.[0] ?? []);
    const described = [...sectionOf("Folders").matchAll(/^\| `([^`]+\/)` \|/gm)].map(([, folder = ""]) => folder);
    expect(described).to.have.members([...new Set(folders)]);
  });

  it("shows the path of one message in at most 25 files", () => {
    const files = new Set([...sectionOf("How one message travels").matchAll(/\]\((\.\.\/[^)]+\.ts)\)/g)].map(String));
    expect(files.size).to.be.within(15, 25);
  });
});
