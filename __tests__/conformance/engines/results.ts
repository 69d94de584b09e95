import { table } from "../../../scripts/docs/markdown.ts";
import type { RuleResult } from "../rules.ts";

/** The results of an engine, by its name. */
export type Results = Readonly<Record<string, readonly RuleResult[]>>;

const keyOf = ({ rule, isSoft }: RuleResult): string => `${rule} ${isSoft ? "soft" : "hard"}`;

/** How many rules each engine passes. The emulator comes first, and has a result for every rule that can be tested. */
export function summaryTable(results: Results): string {
  const [all = []] = Object.values(results);
  const count = (rules: readonly RuleResult[], isSoft: boolean) => {
    const ofKind = rules.filter((each) => each.isSoft === isSoft);
    const total = all.filter((each) => each.isSoft === isSoft).length;
    const passed = ofKind.filter((each) => each.passed).length;
    return [`${passed} of ${total}`, String(ofKind.length - passed), String(total - ofKind.length)];
  };
  const heads = ["engine", "hard rules", "fail", "not tested", "soft rules", "fail", "not tested"];
  return table(
    heads,
    Object.entries(results).map(([engine, rules]) => [engine, ...count(rules, false), ...count(rules, true)]),
  );
}

/** The result of each rule on each engine. */
export function rulesTable(results: Results): string {
  const [all = []] = Object.values(results);
  const byEngine = Object.values(results).map((rules) => new Map(rules.map((each) => [keyOf(each), each.passed])));
  const cell = (passed: boolean | undefined) => (passed === undefined ? "" : passed ? "pass" : "**fail**");
  return table(
    ["rule", "kind", ...Object.keys(results)],
    all.map((each) => [
      each.rule,
      each.isSoft ? "soft" : "hard",
      ...byEngine.map((passed) => cell(passed.get(keyOf(each)))),
    ]),
  );
}
