/** The scripts in which lookalikes are found. Lookalikes within other scripts, such as Arabic or Han, are not in the table. */
const IMITATED = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}\x21-\x7e]+$/u;

/** Never part of a name. */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/**
 * The sources of each prototype, as `lookOf` needs them: without those that NFD takes apart before they are looked up, and
 * without those that NFKC turns into the same, which is more than half.
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
