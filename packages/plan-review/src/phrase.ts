/** A value from the plan. It is untrusted input, so a renderer must escape it. */
export interface Value {
  readonly value: string;
}

/** Text of the review, a value from the plan, or an emphasized phrase. */
export type Span = string | Value | { readonly strong: Phrase };

export type Phrase = readonly Span[];

/** An interpolation: a phrase is inserted unchanged, a number is formatted, and any other string becomes a value. */
export type Part = Phrase | string | number;

/** A template tag for phrases. Interpolated strings become values, so text from a plan is always escaped. */
export const say = (words: TemplateStringsArray, ...parts: readonly Part[]): Phrase =>
  words.flatMap((word, index) => [
    ...(word === "" ? [] : [word]),
    ...(index < parts.length ? spansOf(parts[index] as Part) : []),
  ]);

export const strong = (phrase: Phrase): Phrase => [{ strong: phrase }];

export const value = (text: string): Phrase => [{ value: text }];

/** "a, b and c". */
export const listed = (parts: readonly Part[], last = "and"): Phrase =>
  parts.flatMap((part, index) => [...separator(index, { count: parts.length, last }), ...spansOf(part)]);

function separator(index: number, { count, last }: { readonly count: number; readonly last: string }): Phrase {
  if (index === 0) return [];
  return [index === count - 1 ? ` ${last} ` : ", "];
}

function spansOf(part: Part): Phrase {
  if (typeof part === "number") return [part.toLocaleString("en")];
  return typeof part === "string" ? [{ value: part }] : part;
}

/** "this; that". */
export const joined = (phrases: readonly Phrase[]): Phrase => joinedWith("; ", phrases);

export const joinedWith = (separator: string, phrases: readonly Phrase[]): Phrase =>
  phrases.flatMap((phrase, index) => [...(index > 0 ? [separator] : []), ...phrase]);

/** Capitalizes the first letter, unless the phrase starts with a value. */
export function sentenceCase(phrase: Phrase): Phrase {
  const [first, ...rest] = phrase;
  return typeof first === "string" ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : phrase;
}

/** Longer values are cut: a dashboard is thousands of characters. */
const CHARACTERS_MAX = 300;

/** A value on one line, without characters that move the cursor, hide text or turn it around. */
export function plain(value: string): string {
  const text = value.replaceAll(/[\r\n\u2028\u2029]+/g, "⏎").replaceAll(/[\p{Cc}\p{Cf}]/gu, escaped);
  const cut = [...text];
  return cut.length <= CHARACTERS_MAX
    ? text
    : `${cut.slice(0, CHARACTERS_MAX).join("")}… (${cut.length.toLocaleString("en")} characters)`;
}

const escaped = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`;
