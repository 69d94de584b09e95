import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fillSections, sectionsIn } from "./sections.ts";

/** What a measurement gives to a page: sections by name, plots by file, and all figures for machines. */
export interface Chapter {
  readonly sections: Readonly<Record<string, string>>;
  readonly plots: Readonly<Record<string, string>>;
  readonly figures: unknown;
}

const DOCS = new URL("../../docs/", import.meta.url);

/** Writes chapters into a page of `docs/`, whose other sections stay, and their plots beside it. */
export function writeChapters(file: string, chapters: readonly Chapter[]): void {
  const path = new URL(file, DOCS);
  const page = readFileSync(path, "utf8");
  const sections = Object.assign(sectionsIn(page), ...chapters.map((chapter) => chapter.sections));
  writeFileSync(path, fillSections(page, sections));
  const plots = new URL("plots/", DOCS);
  mkdirSync(plots, { recursive: true });
  for (const [name, svg] of chapters.flatMap((chapter) => Object.entries(chapter.plots))) {
    writeFileSync(new URL(name, plots), svg);
  }
}

/** For a terminal: the sections, or all figures as JSON. */
export const shownOf = (chapters: readonly Chapter[], isJson = false): string =>
  isJson
    ? JSON.stringify(chapters.map(({ figures }) => figures))
    : chapters.flatMap(({ sections }) => Object.values(sections)).join("\n");
