import type { Phrase } from "./phrase.ts";
import { plain } from "./plain.ts";
import type { Review } from "./review.ts";
import { sectionsOf, summaryOf } from "./sections.ts";

/** How a terminal shows what is strong, if it can. */
export type Bold = (text: string) => string;

/** A review for who sits before it. */
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

/** A value that could be taken for words stands in quotes. */
const quoted = (text: string): string => (/^[^\s"]+$/.test(text) ? text : JSON.stringify(text));
