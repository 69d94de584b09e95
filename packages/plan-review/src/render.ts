import { type Phrase, plain } from "./phrase.ts";
import type { Review } from "./review.ts";
import { sectionsOf, summaryOf } from "./sections.ts";

/** GitHub rejects longer comments. */
export const COMMENT_CHARACTERS_MAX = 65_536;

/** Identifies the comment, so that it can be updated. */
const markerOf = (stack: string): string => `<!-- plan of ${stack} -->`;

/** A comment for a pull request. If it is too long, it is cut at the end, which is least important. */
export function markdownOf(review: Review): string {
  const sections = sectionsOf(review).map(
    ({ title, sentences }) => `### ${title}\n\n${sentences.map((sentence) => `- ${rendered(sentence)}`).join("\n")}\n`,
  );
  const head = `${markerOf(review.stack)}\n## Plan of ${code(review.stack)}\n\n${rendered(summaryOf(review))}\n`;
  return cut([head, ...sections].join("\n"));
}

function rendered(phrase: Phrase): string {
  return phrase
    .map((span) => {
      if (typeof span === "string") return span;
      return "strong" in span ? `**${rendered(span.strong)}**` : code(span.value);
    })
    .join("");
}

/**
 * In a code span, GitHub does not interpret HTML, mentions or formatting. Only backticks can end the span, so the fence has
 * more backticks than any run in the value. https://github.github.com/gfm/#code-spans
 */
function code(value: string): string {
  const text = plain(value);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^[` ]|[` ]$/.test(text) || text === "" ? " " : "";
  return `${fence}${padding}${text}${padding}${fence}`;
}

function cut(text: string): string {
  if (text.length <= COMMENT_CHARACTERS_MAX) return text;
  const note = (lines: number): string => `\n**${lines.toLocaleString("en")} more lines do not fit into a comment.**\n`;
  const room = COMMENT_CHARACTERS_MAX - note(COMMENT_CHARACTERS_MAX).length;
  const kept = text.slice(0, text.lastIndexOf("\n", room));
  return kept + note(text.slice(kept.length).trim().split("\n").length);
}

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
