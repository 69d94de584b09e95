import { type Phrase, plain } from "./phrase.ts";
import type { Review } from "./review.ts";
import { sectionsOf, summaryOf } from "./sections.ts";

/** Formats emphasized text, if the terminal can. */
export type Bold = (text: string) => string;

/** A review for a terminal. */
export function terminalTextOf(review: Review, bold: Bold): string {
  const rendered = (phrase: Phrase): string => phrase.map((span) => renderedSpan(span)).join("");
  const renderedSpan = (span: Phrase[number]): string => {
    if (typeof span === "string") return span;
    return "strong" in span ? bold(rendered(span.strong)) : quoted(plain(span.value));
  };
  const sections = sectionsOf(review).map(
    ({ title, sentences }) => `${bold(title)}\n${sentences.map((sentence) => `  ${rendered(sentence)}\n`).join("")}`,
  );
  return [`Plan of ${review.stack}: ${rendered(summaryOf(review))}\n`, ...sections].join("\n");
}

/** Quotes a value that could be mistaken for words of the review. */
const quoted = (text: string): string => (/^[^\s"]+$/.test(text) ? text : JSON.stringify(text));
