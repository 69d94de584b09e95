import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TESTS = fileURLToPath(new URL("../../__tests__/", import.meta.url));

/** A row of a table of rules: the rule's id, and its cells up to the last one. */
const ROW = /^\| ([A-Z]{2}-\d{2}) \|(.*)\|[^|]*\|$/gm;

/** A rule's id at the beginning of a test's title. */
const TITLE = /\b(?:it|soft)\(\s*["'`]([A-Z]{2}-\d{2})\b/g;

/** The test files by the rules that their titles name. */
function testsByRule(): ReadonlyMap<string, readonly string[]> {
  const tests = new Map<string, string[]>();
  const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("-test.ts"));
  for (const file of files.sort()) {
    const rules = new Set([...readFileSync(TESTS + file, "utf8").matchAll(TITLE)].map(([, rule = ""]) => rule));
    for (const rule of rules) tests.set(rule, [...(tests.get(rule) ?? []), file]);
  }
  return tests;
}

/** Writes the tests of each rule into the last column of its table. */
export function withTests(page: string): string {
  const tests = testsByRule();
  return page.replace(ROW, (_, rule: string, cells: string) => {
    const links = (tests.get(rule) ?? []).map((file) => `[${nameOf(file)}](../__tests__/${file})`);
    return `| ${rule} |${cells}| ${links.join(", ")} |`;
  });
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf("/") + 1, -"-test.ts".length);
