/** The result of all tests of a rule, or of a table of fields, on one engine. */
export interface RuleResult {
  readonly rule: string;
  readonly isSoft: boolean;
  readonly passed: boolean;
}

/** `HS` and the numbers from 1 to 3 as HS-01, HS-02, HS-03. */
const numbered = (section: string, ...numbers: readonly number[]): string[] =>
  numbers.map((number) => `${section}-${String(number).padStart(2, "0")}`);

/** Rules that AWS documents, or that were observed on AWS. */
export const hardRules: readonly string[] = [
  ...numbered("HS", 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 20, 21, 22, 25, 27, 30, 31, 32, 33, 34, 36, 37, 38),
  ...numbered("HS", 40, 41, 42, 43),
  ...numbered("AU", 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13),
  ...numbered("EV", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
  ...numbered("RT", 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 20, 21, 22),
  ...numbered("ER", 1, 2, 3, 4, 7, 8),
  ...numbered("RR", 1, 2, 3, 4, 5, 6, 8, 9),
  ...numbered("IN", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12),
  ...numbered("LM", 1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18),
  ...numbered("DC", 1, 2, 4, 5),
  ...numbered("MG", 1, 2, 3, 4, 5, 8, 9, 20, 21, 22, 23, 25, 26, 27, 30, 31),
];

/** Assumed rules: from REST APIs, from RFC 6455, or as the most likely behavior. */
export const softRules: readonly string[] = [
  ...numbered("HS", 23, 24, 26, 28, 29, 35, 44),
  ...numbered("AU", 5),
  ...numbered("EV", 12),
  ...numbered("RT", 8, 9, 10),
  ...numbered("ER", 5, 6, 9, 10),
  ...numbered("RR", 7),
  ...numbered("IN", 11),
  ...numbered("LM", 3, 9, 17, 19),
  ...numbered("DC", 3, 6, 7, 8),
  ...numbered("MG", 6, 7, 24),
];
