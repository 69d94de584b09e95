import { prices as idlePrices } from "@serverless-chat/plan-review/prices";
import { compare } from "../../benchmarks/costs/compare.ts";
import prices from "../../benchmarks/costs/prices.json" with { type: "json" };
import measured from "../../benchmarks/costs/units.json" with { type: "json" };
import { METRIC_COUNT } from "../../chat/metrics.ts";
import { billTable } from "../cost/bill-table.ts";
import { readCostFlags } from "../cost/flags.ts";
import { ALARM_METRICS } from "./alarms.ts";
import { table } from "./markdown.ts";

/* The generated sections of docs/costs.md, and the cost in README.md. */

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

const {
  aws_cloudwatch_dashboard: dashboard,
  aws_cloudwatch_metric_alarm: alarm,
  aws_kms_key: key,
  aws_secretsmanager_secret: secret,
} = idlePrices.dollarsPerMonth;

const { dollarsPerMillionReadUnits, dollarsPerMillionWriteUnits } = prices.dynamodb;

/** The measured read and write units of each route. */
export const unitTable = table(
  ["route", "case", "members of the channel", "write units", "read units", "price per million"],
  measured.map(({ route, case: variant, members, writes, reads }) => [
    `\`${route}\``,
    variant,
    members.toLocaleString("en"),
    String(writes),
    String(reads),
    `$${(writes * dollarsPerMillionWriteUnits + reads * dollarsPerMillionReadUnits).toFixed(2)}`,
  ]),
);

/** The cost of a chat-ops service that is enabled and not used. */
export const servicesCost = table(
  ["each enabled service", "price per month"],
  [
    ["its secret", dollars(secret)],
    ["its alarm", dollars(alarm)],
    ["its key, with `ownKmsKey`, in the first year", dollars(key)],
    ["the same, from the third year on", dollars(3 * key)],
  ],
);

/** A line of an access log, with the overhead that CloudWatch bills. */
const LINE_BYTES = 400;

const millionLines = (LINE_BYTES / 1000) * prices.cloudwatchLogs.dollarsPerGigabyteIngested;

/** The monthly cost of metrics, alarms and logs, which AWS bills even if nobody reads them. */
export const watchingTable = table(
  ["setting", "what it adds", "price per month"],
  [
    ["", "an alarm for failed events", dollars(alarm)],
    [
      "",
      `${METRIC_COUNT} metrics, while the chat is used`,
      `up to ${dollars(METRIC_COUNT * prices.cloudwatchMetrics.dollarsPerMetricMonth)}`,
    ],
    ["`alarmEmail`", `alarms on ${ALARM_METRICS} metrics, and their mails`, dollars(ALARM_METRICS * alarm)],
    ["`dashboard`", "a dashboard", dollars(dashboard)],
    ["`accessLog`", "a line for each handshake, frame and disconnect", `${dollars(millionLines)} per million`],
    [
      "`tracing`",
      "a trace of each function's first invocation in a second, and of 5 % of the others",
      `${dollars(prices.xray.dollarsPerMillionTraces)} per million`,
    ],
  ],
);

/** 100 people who work eight hours a day and each send 50 messages a day to all 100, themselves included. */
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
  return `\n100 people who are connected eight hours a day, 22 days a month, and each send 50 messages a day to all 100,
cost $${chat.dollars.toFixed(2)} a month: $${messages.toFixed(2)} for messages, and $${(chat.dollars - messages).toFixed(2)} for metrics, connection minutes, Lambda, DynamoDB and
logs together (${prices.region}, prices of ${prices.date}). To estimate another load:

<!-- run by __tests__/scripts/cost-test.ts -->
\`\`\`sh
npm run cost -- ${TEAM}
\`\`\`

`;
}
