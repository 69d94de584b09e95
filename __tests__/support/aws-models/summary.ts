import { summaryOf, TALLIES } from "./tally.ts";

/* Prints a summary of the checks of all proxies. Exits with 1 if AWS would reject a request, or if that is unknown. */

const folder = process.env[TALLIES];
if (!folder) throw new Error(`${TALLIES} is not set. It names the folder for the results of the checks.`);

const { tally, proxies, lost } = summaryOf(folder);
const rows: readonly (readonly [string, number])[] = [
  ["requests", tally.requests],
  ["services", tally.services.size],
  ["operations", tally.operations.size],
  ["members with a pattern", tally.patterned.size],
  ["policies", tally.policies],
  ["violations", tally.violations.size],
  ["unreadable requests", tally.unreadable.size],
];

const table = rows.map(([title, count]) => `  ${title.padEnd(24)}${String(count).padStart(7)}`);
const details = [...tally.violations, ...tally.unreadable].map((sentence) => `  ${sentence}`);
const faults = [
  ...(details.length > 0 ? ["AWS would reject:", ...details] : []),
  ...(lost > 0 ? [`${lost} of ${proxies} proxies did not stop, so what they checked is unknown.`] : []),
  ...(tally.requests === 0 ? ["No request was checked."] : []),
];
process.stdout.write(`${["\nChecked against AWS's models:", ...table, ...faults].join("\n")}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
