/** The source of each pattern that could not be translated. A run that uses one reports it and fails. */
export const untranslated = new Set<string>();

const compiled = new Map<string, RegExp | undefined>();

/** Sets of characters that Java names, and that JavaScript lacks or defines differently. */
const SETS: Readonly<Record<string, string>> = {
  Alnum: "A-Za-z0-9",
  Alpha: "A-Za-z",
  ASCII: "\\x00-\\x7f",
  Print: "\\x20-\\x7e",
  IsDigit: "\\p{Nd}",
};

/** One of Java's sets, with the preceding bracket if it is part of a larger set. */
const SET = new RegExp(`(\\[[^\\]]*)?\\\\p\\{(${Object.keys(SETS).join("|")})\\}`, "g");

/**
 * A model's pattern as a regular expression. The whole value must match, as AWS compares it.
 * The flag `u` refuses needless escapes, which AWS's patterns contain, but `\p{…}` requires it.
 */
export function patternOf(source: string): RegExp | undefined {
  if (!compiled.has(source)) compiled.set(source, compile(source));
  return compiled.get(source);
}

function compile(source: string): RegExp | undefined {
  const [, flags = "", rest = source] = /^\(\?([ims]+)\)(.*)$/s.exec(source) ?? [];
  const translated = rest.replaceAll(SET, (_, open: string | undefined, name: string) =>
    open === undefined ? `[${SETS[name]}]` : open + SETS[name],
  );
  const regex =
    tryRegExp(translated, `u${flags}`) ?? (translated.includes("\\p{") ? undefined : tryRegExp(translated, flags));
  if (!regex) untranslated.add(source);
  return regex;
}

function tryRegExp(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, flags);
  } catch {
    return undefined;
  }
}
