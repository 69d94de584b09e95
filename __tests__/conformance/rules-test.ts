import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { hardRules, softRules } from "./rules.ts";

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8");

const sources = readdirSync(new URL(".", import.meta.url)).filter((file) => file.endsWith("-test.ts"));

/** The rules that begin a test's title, by the word that declares the test. */
const testedBy = (declare: "it" | "soft"): Set<string> => {
  const titles = new RegExp(`\\b${declare}\\(\\s*["\`]([A-Z]{2}-\\d{2}) `, "g");
  return new Set(sources.flatMap((file) => [...read(file).matchAll(titles)].map(([, id = ""]) => id)));
};

/** The rules that README.md lists as not tested. */
const notTested = [...read("README.md").matchAll(/^- ((?:[A-Z]{2}-\d{2}(?:, )?)+): ./gm)].flatMap(([, ids = ""]) =>
  ids.split(", "),
);

describe("conformance: the suite", () => {
  it("tests every rule, or has a reason for not testing it", () => {
    const accounted = [...new Set([...testedBy("it"), ...testedBy("soft"), ...notTested])];
    expect(accounted).to.have.members([...hardRules, ...softRules]);
  });

  it("does not list a tested rule as not tested", () => {
    const tested = new Set([...testedBy("it"), ...testedBy("soft")]);
    expect(notTested.filter((id) => tested.has(id))).to.deep.equal([]);
    expect(notTested).to.have.length(new Set(notTested).size);
  });

  it("passes in docs/conformance.md, where every tested rule has a row", () => {
    const page = readFileSync(new URL("../../docs/conformance.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| ([A-Z]{2}-\d{2}) \| (?:hard|soft) \| (\S*) \|/gm)];
    const tested = [...new Set([...testedBy("it"), ...testedBy("soft")])];
    expect([...new Set(rows.map(([, rule]) => rule))]).to.have.members(tested);
    expect(rows.filter(([, , result]) => result !== "pass").map(([row]) => row)).to.deep.equal([]);
  });

  it("tests every documented or observed rule with `it`, and no assumed rule", () => {
    const hard = hardRules.filter((id) => !notTested.includes(id));
    expect([...testedBy("it")]).to.have.members(hard);
  });
});
