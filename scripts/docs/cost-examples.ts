import { compare } from "../../benchmarks/costs/compare.ts";
import prices from "../../benchmarks/costs/prices.json" with { type: "json" };
import { billTable } from "../cost/bill-table.ts";
import { readCostFlags } from "../cost/flags.ts";

/** 100 people who work eight hours a day and each send 50 messages a day to all others. */
const TEAM = "--connections 100 --hours 8 --messages 50 --audience 100 --days 22";

const COMMANDS = [
  TEAM,
  "--connections 1000 --hours 24 --messages 20 --audience 50",
  "--connections 10000 --hours 2 --messages 1 --audience 10000",
];

/** __tests__/docs/blocks-test.ts requires it before each command. */
const MARK = "<!-- not run: `npm run docs` computes this table from the same load -->";

const example = async (flags: string): Promise<string> => {
  const { load } = readCostFlags(flags.split(" "));
  return load ? `\n${MARK}\n\`\`\`sh\nnpm run cost -- ${flags}\n\`\`\`\n\n${billTable(load, await compare(load))}` : "";
};

/** Each command and its output, for docs/costs.md. */
export const costExamples = (await Promise.all(COMMANDS.map(example))).join("");

/** The cost of the first example in one paragraph, for README.md. */
export const costSummary = await summary();

async function summary(): Promise<string> {
  const { load } = readCostFlags(TEAM.split(" "));
  if (!load) throw new Error(`The flags of the cost example are invalid: ${TEAM}`);
  const { chat } = await compare(load);
  const messages = chat.lines[0]?.dollars ?? 0;
  return `\n100 people who are connected eight hours a day, 22 days a month, and each send 50 messages a day to all others,
cost $${chat.dollars.toFixed(2)} a month: $${messages.toFixed(2)} for messages, and $${(chat.dollars - messages).toFixed(2)} for metrics, connection minutes, Lambda, DynamoDB and
logs together (${prices.region}, prices of ${prices.date}). To estimate another load:

<!-- run by __tests__/scripts/cost-test.ts -->
\`\`\`sh
npm run cost -- ${TEAM}
\`\`\`

`;
}
