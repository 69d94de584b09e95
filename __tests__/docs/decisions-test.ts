import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";

const FOLDER = join(ROOT, "docs/decisions");

const read = (file: string): string => readFileSync(join(FOLDER, file), "utf8");

const files = readdirSync(FOLDER).filter((file) => file !== "README.md");

/** The row of the index that a decision requires. A file without a number, title, status or date has none. */
function rowOf(file: string): string {
  const form = /^# (\d{4})\. (.+)\n\nStatus: (accepted|superseded by \d{4}) · Date: (\d{4}-\d\d-\d\d)\n\n./;
  const [, number, title, status, date] = form.exec(read(file)) ?? [];
  if (number === undefined || !file.startsWith(`${number}-`)) return `${file} has no valid heading, status or date`;
  return `| [${number}](${file}) | ${title} | ${date} | ${status} |`;
}

describe("docs/decisions", () => {
  it("has an index with the number, title, date and status of each file", () => {
    const rows = read("README.md").match(/^\| \[.*$/gm);
    expect(rows).to.deep.equal(files.map(rowOf));
  });

  it("uses each number once", () => {
    const numbers = files.map((file) => file.slice(0, 4));
    expect(numbers).to.deep.equal([...new Set(numbers)]);
  });
});
