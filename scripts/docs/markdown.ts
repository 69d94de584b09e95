import { readFileSync, writeFileSync } from "node:fs";

/** A Markdown table that ends with a newline. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads.map(inCell), heads.map(() => "---"), ...rows.map((row) => row.map(inCell))]
    .map((row) => `|${row.join("|")}|\n`)
    .join("");

const inCell = (text: string): string => ` ${text.replaceAll("|", "\\|")} `;

/** With commas between the thousands. */
export const thousands = (value: number): string => Math.round(value).toLocaleString("en");

/** Milliseconds, shown as seconds. */
export const seconds = (milliseconds: number): string =>
  `${(milliseconds / 1000).toFixed(milliseconds < 9_950 ? 1 : 0)} s`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The content of the generated sections of a page, by name. */
export const sectionsIn = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/^<!-- (\w+) -->\n(.*?)<!-- \/\1 -->/gms)].map(([, name = "", text = ""]) => [name, text]),
  );

/** Replaces the text between `<!-- name -->` and `<!-- /name -->` for each section. The page must have exactly these sections. */
export function fillSections(page: string, sections: Readonly<Record<string, string>>): string {
  const found = [...page.matchAll(/^<!-- (\w+) -->\n/gm)].map(([, name = ""]) => name);
  const names = Object.keys(sections);
  if (found.length !== names.length || names.some((name) => !found.includes(name))) {
    throw new Error(
      `The page has the sections ${found.join(", ") || "(none)"}, but the generator has ${names.join(", ") || "(none)"}. Add the missing marks, such as <!-- name --> and <!-- /name -->, to the page, or remove them.`,
    );
  }
  return names.reduce(
    (text, name) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n).*(<!-- /${name} -->)`, "s"),
        (_, start: string, end: string) => `${start}${sections[name]}${end}`,
      ),
    page,
  );
}

/** The results of a measurement for a page in `docs/`. */
export interface Chapter {
  /** Tables, by the name of their section in the page. */
  readonly tables: Readonly<Record<string, string>>;
  /** Charts, by the name of their section in the page. */
  readonly charts?: Readonly<Record<string, string>>;
  /** All figures, for `--json`. */
  readonly figures: unknown;
}

const DOCS = new URL("../../docs/", import.meta.url);

/** Writes chapters into a page of `docs/`. Its other sections do not change. */
export function writeChapters(file: string, chapters: readonly Chapter[]): void {
  const path = new URL(file, DOCS);
  const page = readFileSync(path, "utf8");
  const written = chapters.flatMap(({ tables, charts }) => Object.entries({ ...tables, ...charts }));
  writeFileSync(
    path,
    fillSections(page, {
      ...sectionsIn(page),
      ...Object.fromEntries(written.map(([name, text]) => [name, `\n${text}\n`])),
    }),
  );
}

/** What a command prints: the tables, or all figures as JSON. */
export const printed = (chapters: readonly Chapter[], isJson = false): string =>
  isJson
    ? JSON.stringify(chapters.map(({ figures }) => figures))
    : chapters.flatMap(({ tables }) => Object.values(tables)).join("\n");
