import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { rewrite, runsCdktn, type Toolkit, toolkitOf } from "../../../scripts/use-cdktn/rewrite.ts";
import { ROOT } from "../../support/project-copy.ts";

const FILES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT })
  .toString()
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(ROOT, path)))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

const manifest = (files: readonly { path: string; text: string }[]): string =>
  files.find(({ path }) => path === "package.json")?.text ?? "";

/** The toolkit of this repository, and the other one. */
const CURRENT = toolkitOf(manifest(FILES));
const OTHER: Toolkit = CURRENT === "cdktf" ? "cdktn" : "cdktf";

const moved = FILES.map((file) => ({ path: file.path, text: rewrite(file, OTHER) }));

describe("scripts/use-cdktn/rewrite", () => {
  it("rewrites imports, commands and the link to the toolkit", () => {
    const text = [
      'import { App } from "cdktf";',
      'import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";',
      "Run `npx cdktf deploy chat-dev`. You need Node.js 20.19 or newer.",
      "cdktf.out and cdktf.json keep their names.",
    ].join("\n");
    const expected = [
      'import { App } from "cdktn";',
      'import { SqsQueue } from "@cdktn/provider-aws/lib/sqs-queue/index.js";',
      "Run `npx cdktn deploy chat-dev`. You need Node.js 22.19 or newer.",
      "cdktf.out and cdktf.json keep their names.",
    ].join("\n");
    expect(rewrite({ path: "docs/deploy.md", text }, "cdktn")).to.equal(expected);
    expect(rewrite({ path: "docs/deploy.md", text: expected }, "cdktf")).to.equal(text);
  });

  it("replaces the packages, their override and the oldest Node.js in package.json", () => {
    const cdktn = CURRENT === "cdktn" ? manifest(FILES) : manifest(moved);
    const { devDependencies, engines, overrides } = JSON.parse(cdktn);
    expect(devDependencies).to.include.keys("cdktn", "cdktn-cli", "@cdktn/provider-aws");
    expect(devDependencies).not.to.include.any.keys("cdktf", "cdktf-cli", "@cdktf/provider-aws");
    expect(engines).to.deep.equal({ node: ">=22.19.0" });
    expect(overrides).to.deep.equal({});
  });

  it("gives every file of this repository its own text again on the way back", () => {
    const changed = moved.filter(({ text }, index) => text !== FILES[index]?.text);
    expect(changed.map(({ path }) => path)).to.include.members([
      ".github/workflows/test.yml",
      "README.md",
      "docs/deploy.md",
      "infra/chat-stack.ts",
      "package.json",
    ]);
    const wrong = moved.filter((file, index) => rewrite(file, CURRENT) !== FILES[index]?.text);
    expect(wrong.map(({ path }) => path)).to.deep.equal([]);
  });

  it("leaves no import and no command of the other toolkit in this repository", () => {
    const named = new RegExp(`from "${CURRENT}["/]|"@${CURRENT}/[\\w-]+/|\\bnpx ${CURRENT}\\b|\\.bin/${CURRENT}\\b`);
    const left = moved.filter(({ path, text }) => path !== "package-lock.json" && named.test(text));
    expect(left.map(({ path }) => path).filter((path) => !path.includes("/use-cdktn"))).to.deep.equal([]);
  });

  it("rejects a package.json that it would change only in part", () => {
    const text = manifest(FILES).replace(/("cdkt[fn]-cli": )"[\d.]+"/, '$1"9.9.9"');
    expect(() => rewrite({ path: "package.json", text }, OTHER)).to.throw(
      /does not contain "cdkt[fn]-cli": "0\.2\d\.0"/,
    );
  });

  it("recognizes the versions of Node.js that run cdktn", () => {
    expect(["20.20.2", "22.18.0", "22.19.0", "24.0.0"].map(runsCdktn)).to.deep.equal([false, false, true, true]);
  });
});
