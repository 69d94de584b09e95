import { readFileSync, writeFileSync } from "node:fs";
import { fillSections, sectionsIn } from "./sections.ts";

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
