import type { Sides, Thing } from "./things.ts";

/** What stands idle and is paid for all the same; `costs/prices.json` has such a table. */
export interface PricesAtRest {
  readonly date: string;
  readonly region: string;
  readonly atRest: {
    readonly dollarsPerMonth: Readonly<Record<string, number>>;
    readonly dollarsPerHighResolutionAlarm: number;
    /** How types begin that cost nothing while nobody uses them. */
    readonly paidByUse: readonly string[];
  };
}

export interface Cost {
  readonly before: number;
  readonly after: number;
  readonly lines: readonly CostLine[];
  /** Types that the table does not know, and that will be there. */
  readonly unpriced: readonly string[];
  readonly date: string;
  readonly region: string;
}

/** What all of one type cost a month. */
export interface CostLine {
  readonly type: string;
  readonly before: number;
  readonly after: number;
}

/** Below this an alarm is one of high resolution. */
const STANDARD_PERIOD_SECONDS = 60;

export function costOf({ before, after }: Sides, prices: PricesAtRest): Cost {
  const types = Object.keys(prices.atRest.dollarsPerMonth);
  const lines = types
    .map((type) => ({ type, before: dollarsOf(before, { type, prices }), after: dollarsOf(after, { type, prices }) }))
    .filter((line) => line.before > 0 || line.after > 0);
  const total = (side: "before" | "after"): number => lines.reduce((sum, line) => sum + line[side], 0);
  const unpriced = after.filter((thing) => !isPriced(thing, prices)).map(({ type }) => type);
  const { date, region } = prices;
  return {
    before: total("before"),
    after: total("after"),
    lines,
    unpriced: [...new Set(unpriced)].sort(),
    date,
    region,
  };
}

interface Priced {
  readonly type: string;
  readonly prices: PricesAtRest;
}

const dollarsOf = (things: readonly Thing[], { type, prices: { atRest } }: Priced): number =>
  things
    .filter((thing) => thing.type === type)
    .reduce((sum, thing) => {
      const price = isHighResolution(thing)
        ? atRest.dollarsPerHighResolutionAlarm
        : (atRest.dollarsPerMonth[type] ?? 0);
      return sum + price * metricsOf(thing);
    }, 0);

/** A table with capacity of its own costs by the hour, whoever reads it. */
const isPriced = ({ type, raw }: Thing, { atRest }: PricesAtRest): boolean =>
  raw("billing_mode") !== "PROVISIONED" &&
  (type in atRest.dollarsPerMonth || atRest.paidByUse.some((beginning) => type.startsWith(beginning)));

/** An alarm on an expression is paid for by the metrics in it. */
function metricsOf({ type, raw }: Thing): number {
  const queries = type === "aws_cloudwatch_metric_alarm" ? (raw("metric_query") ?? []) : [];
  const metrics = (queries as readonly { metric?: readonly unknown[] }[]).filter(
    ({ metric = [] }) => metric.length > 0,
  );
  return Math.max(1, metrics.length);
}

const isHighResolution = ({ type, raw }: Thing): boolean =>
  type === "aws_cloudwatch_metric_alarm" && Number(raw("period") || STANDARD_PERIOD_SECONDS) < STANDARD_PERIOD_SECONDS;
