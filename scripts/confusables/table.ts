/** The scripts whose lookalikes are in the table. Lookalikes within other scripts, such as Arabic or Han, are not. */
const IMITATED = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}\x21-\x7e]+$/u;

/** A name never contains these characters. */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/**
 * The lookalikes of each character, as `lookOf` needs them. It leaves out those that NFD decomposes before the lookup, and
 * those whose NFKC form has the same prototype, which are more than half.
 * https://www.unicode.org/reports/tr39/#Confusable_Detection
 */
export function confusables(data: Readonly<Record<string, string>>): Record<string, string> {
  const isNeeded = (source: string, prototype: string): boolean => {
    const compatible = source.normalize("NFKC");
    return compatible === source || (data[compatible] ?? compatible) !== prototype;
  };
  const sourcesOf: Record<string, string> = {};
  for (const [source, prototype] of Object.entries(data)) {
    const target = prototype.normalize("NFD");
    const isReached = source !== target && source.normalize("NFD") === source && !INVISIBLE.test(source);
    if (!isReached || !IMITATED.test(target) || !isNeeded(source, prototype)) continue;
    sourcesOf[target] = (sourcesOf[target] ?? "") + source;
  }
  return sourcesOf;
}
