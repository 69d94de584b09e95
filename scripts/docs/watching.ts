import { prices as pricesAtRest } from "@serverless-chat/plan-review/prices";
import prices from "../../benchmarks/costs/prices.json" with { type: "json" };
import { METRICS } from "../../chat/metrics.ts";
import { ALARM_METRICS } from "./alarms.ts";
import { table } from "./table.ts";

const METRIC_COUNT = Object.keys(METRICS).length;

/** Of an access log, as CloudWatch counts it. */
const LINE_BYTES = 400;

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

const { aws_cloudwatch_metric_alarm: alarm, aws_cloudwatch_dashboard: dashboard } = pricesAtRest.dollarsPerMonth;

const millionLines = (LINE_BYTES / 1000) * prices.cloudwatchLogs.dollarsPerGigabyteIngested;

/** What there is to see, and what AWS takes for it whether anybody looks or not. */
export const watchingTable = table(
  ["setting", "what it adds", "a month"],
  [
    ["", "an alarm of failed events", dollars(alarm)],
    [
      "",
      `${METRIC_COUNT} metrics, for as long as the chat is used`,
      `up to ${dollars(METRIC_COUNT * prices.cloudwatchMetrics.dollarsPerMetricMonth)}`,
    ],
    ["`alarmEmail`", `alarms of ${ALARM_METRICS} metrics, and their mails`, dollars(ALARM_METRICS * alarm)],
    ["`dashboard`", "a dashboard", dollars(dashboard)],
    ["`accessLog`", "a line for each handshake, frame and hang-up", `${dollars(millionLines)} for a million`],
    [
      "`tracing`",
      "a trace of each function's first run in a second, and of a twentieth of the others",
      `${dollars(prices.xray.dollarsPerMillionTraces)} for a million`,
    ],
  ],
);
