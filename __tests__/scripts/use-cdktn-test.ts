import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { repositoryCopy } from "../support/project-copy.ts";
import { run } from "../support/terminal.ts";

describe("npm run use-cdktn", () => {
  let copy: string;
  const useCdktn = (...flags: string[]) => run({ cwd: copy, script: "scripts/use-cdktn.ts" }, ...flags);
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: copy, encoding: "utf8" });
  before(async () => {
    copy = repositoryCopy();
    // Whichever toolkit the repository has, the copy starts with CDKTF.
    await useCdktn("--back", "--no-install");
    git("add", "--all");
  });

  it("changes the files to cdktn, and restores every byte with --back", async () => {
    const there = await useCdktn("--no-install");
    expect(there).to.include({ code: 0, stderr: "" });
    expect(there.stdout).to.match(/^\d+ files now use cdktn\.\nNext, run: npm install\n$/);
    expect(git("diff", "--name-only")).to.include("package.json").and.to.include("infra/chat-stack.ts");
    const back = await useCdktn("--back", "--no-install");
    expect(back.stdout).to.match(/^\d+ files now use cdktf\./);
    expect(git("diff")).to.equal("");
  });

  it("changes nothing if the toolkit is in use already", async () => {
    const { code, stdout } = await useCdktn("--back");
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: "Nothing changed: package.json already has cdktf.\n" });
    expect(git("diff")).to.equal("");
  });

  it("prints help", async () => {
    expect((await useCdktn("--help")).stdout).to.include("--no-install");
  });
});
