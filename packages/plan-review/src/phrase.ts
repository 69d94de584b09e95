/** A value of the plan: anything may be in it, so a renderer shows it as a value and makes it harmless. */
export interface Value {
  readonly value: string;
}

/** Words of our own, values of the plan, and what is said with emphasis. */
export type Span = string | Value | { readonly strong: Phrase };

export type Phrase = readonly Span[];

/** What is put between the words: a phrase as it is, a number as one, and any other text as a value. */
export type Part = Phrase | string | number;

/** Puts a sentence together. Nothing from a plan gets between the words but as a value. */
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

/** A sentence begins with a capital, but a value stays as it is. */
export function sentenceCase(phrase: Phrase): Phrase {
  const [first, ...rest] = phrase;
  return typeof first === "string" ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : phrase;
}
