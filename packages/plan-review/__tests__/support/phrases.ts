import type { Phrase } from "../../src/phrase.ts";

/** A phrase as text, with values in backticks and emphasis in asterisks. */
export const textOf = (phrase: Phrase): string =>
  phrase
    .map((span) => {
      if (typeof span === "string") return span;
      return "strong" in span ? `*${textOf(span.strong)}*` : `\`${span.value}\``;
    })
    .join("");
