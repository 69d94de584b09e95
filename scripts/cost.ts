import { compare } from "../benchmarks/costs/compare.ts";
import { billTable } from "./cost/bill-table.ts";
import { HELP, readCostFlags } from "./cost/flags.ts";
import { runCommand } from "./run-command.ts";

await runCommand(async () => {
  const { help, json, load } = readCostFlags(process.argv.slice(2));
  if (help || !load) return console.log(HELP);
  const comparison = await compare(load);
  console.log(json ? JSON.stringify({ load, ...comparison }) : billTable(load, comparison));
});
