import { writeFileSync } from "node:fs";
import { type MochaOptions, type Runner, reporters, type Test } from "mocha";
import { hardRules, type RuleResult, softRules } from "./rules.ts";
import type { SoftTest } from "./stage.ts";

/** The result of a rule: the failures of its tests. */
interface Row {
  readonly rule: string;
  readonly isSoft: boolean;
  readonly failures: string[];
}

/** The id of a rule, or the name of a table without ids, at the beginning of a test's title. */
const RULE = /^([A-Z]{2}-\d{2}(?= )|[a-z ]+(?=: ))/;

/** Prints a table of rules instead of tests. A rule with hard and soft tests has two rows. */
class RuleReporter extends reporters.Base {
  readonly #rows = new Map<string, Row>();
  /** Failures outside of tests, such as in hooks. */
  readonly #faults: string[] = [];

  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.on("pass", (test: SoftTest) => this.#record(test, test.softFault));
    runner.on("fail", (test: Test, fault: unknown) => this.#record(test, fault));
    runner.once("end", () => this.#print());
  }

  #record({ title }: Test, fault: unknown): void {
    const [, rule] = RULE.exec(title) ?? [];
    const failure = fault === undefined ? [] : [`${title}: ${firstLine(fault)}`];
    if (!rule) {
      this.#faults.push(...failure);
      return;
    }
    const isSoft = title.endsWith("[soft]");
    const row = this.#rows.get(`${rule} ${isSoft}`) ?? { rule, isSoft, failures: [] };
    row.failures.push(...failure);
    this.#rows.set(`${rule} ${isSoft}`, row);
  }

  #print(): void {
    const rows = [...this.#rows.values()].sort((one, other) => one.rule.localeCompare(other.rule));
    const seen = new Set(rows.map(({ rule }) => rule));
    const unseen = [...hardRules, ...softRules].filter((rule) => !seen.has(rule));
    print(rows.flatMap(linesOf));
    print(this.#faults);
    if (/^wss?:/.test(process.env.TARGET ?? ""))
      print(["TARGET is one address: only the main stack's rules are tested."]);
    if (process.env.RESULTS) writeFileSync(process.env.RESULTS, JSON.stringify(rows.map(resultOf)));
    print([`Not tested on this target: ${unseen.join(" ")}.`]);
    print([`${tally(rows, { isSoft: false })}; ${tally(rows, { isSoft: true })}`]);
  }
}

const firstLine = (fault: unknown): string => String(fault).split("\n")[0]?.slice(0, 160) ?? "";

const resultOf = ({ rule, isSoft, failures }: Row): RuleResult => ({ rule, isSoft, passed: failures.length === 0 });

const linesOf = ({ rule, isSoft, failures }: Row): string[] => [
  `${rule.padEnd(16)} ${isSoft ? "soft" : "hard"} ${failures.length > 0 ? "FAIL" : "pass"}`,
  ...failures.map((failure) => `            ${failure}`),
];

function tally(rows: readonly Row[], { isSoft }: { readonly isSoft: boolean }): string {
  const ofKind = rows.filter((row) => row.isSoft === isSoft);
  const passed = ofKind.filter(({ failures }) => failures.length === 0).length;
  return `${passed} ${isSoft ? "soft" : "hard"} rules pass, ${ofKind.length - passed} fail`;
}

const print = (lines: readonly string[]): void => lines.forEach((line) => void process.stdout.write(`${line}\n`));

// Mocha loads a reporter by its file, so this is a default export.
export { RuleReporter as default };
