import { compare } from "../../benchmarks/costs/compare.ts";
import { billTable } from "../cost/bill-table.ts";
import { readCostFlags } from "../cost/flags.ts";

const COMMANDS = [
  "--connections 100 --hours 8 --messages 50 --audience 100 --days 22",
  "--connections 1000 --hours 24 --messages 20 --audience 50",
  "--connections 10000 --hours 2 --messages 1 --audience 10000",
];

const example = async (flags: string): Promise<string> => {
  const { load } = readCostFlags(flags.split(" "));
  return load ? `\n\`\`\`sh\nnpm run cost -- ${flags}\n\`\`\`\n\n${billTable(load, await compare(load))}` : "";
};

/** What the command prints, after the command. */
export const costExamples = (await Promise.all(COMMANDS.map(example))).join("");
