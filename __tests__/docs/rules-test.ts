import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { hardRules, softRules } from "../conformance/rules.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const PAGE = readFileSync(`${ROOT}/docs/api-gateway-rules.md`, "utf8");

const RULE = /\b(?:HS|AU|EV|RT|ER|RR|IN|LM|DC|MG|TF)-\d{2}\b/g;

const stated = [...PAGE.matchAll(/^\| ([A-Z]{2}-\d{2}) \|/gm)].map(([, rule]) => rule);

describe("docs/api-gateway-rules.md", () => {
  it("states each rule once", () => {
    expect(new Set(stated).size).to.equal(stated.length);
  });

  it("states every rule of the conformance suite", () => {
    expect(stated).to.include.members([...hardRules, ...softRules]);
  });

  it("states every rule that a source, a test or a page names", () => {
    const files = execFileSync("git", ["ls-files", "*.ts", "*.md"], { cwd: ROOT, encoding: "utf8" }).split("\n");
    const named = files.filter(Boolean).flatMap((file) => readFileSync(`${ROOT}/${file}`, "utf8").match(RULE) ?? []);
    expect([...new Set(named)].filter((rule) => !stated.includes(rule))).to.deep.equal([]);
  });

  it("states the evidence of each rule", () => {
    const rows = PAGE.split("\n").filter((line) => /^\| [A-Z]{2}-\d{2} \|/.test(line));
    const unsure = rows.filter((row) => !/documented|observed|assumed|sources disagree|unverified/i.test(row));
    expect(unsure).to.deep.equal([]);
  });
});
