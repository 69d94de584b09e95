import type { ResourceState, Sides } from "./resource-states.ts";

/** Prices of resources that cost money even if they are not used. */
export interface PricesAtRest {
  /** The date of the prices. */
  readonly date: string;
  readonly region: string;
  /** By resource type. */
  readonly dollarsPerMonth: Readonly<Record<string, number>>;
  readonly dollarsPerHighResolutionAlarm: number;
  /** Of custom events on an event bus of EventBridge. */
  readonly dollarsPerMillionEvents: number;
  /** Prefixes of the resource types that cost nothing without use. */
  readonly paidByUse: readonly string[];
}

export interface Cost {
  readonly before: number;
  readonly after: number;
  readonly lines: readonly CostLine[];
  /** Types after the change that are not in the price table. */
  readonly unpriced: readonly string[];
  readonly dollarsPerMillionEvents: number;
  readonly date: string;
  readonly region: string;
}

/** The monthly cost of all resources of one type. */
export interface CostLine {
  readonly type: string;
  readonly before: number;
  readonly after: number;
}

/** Alarms with a shorter period are high-resolution alarms. */
const STANDARD_PERIOD_SECONDS = 60;

export function costOf({ before, after }: Sides, prices: PricesAtRest): Cost {
  const types = Object.keys(prices.dollarsPerMonth);
  const lines = types
    .map((type) => ({ type, before: dollarsOf(before, { type, prices }), after: dollarsOf(after, { type, prices }) }))
    .filter((line) => line.before > 0 || line.after > 0);
  const total = (side: "before" | "after"): number => lines.reduce((sum, line) => sum + line[side], 0);
  const unpriced = after.filter((state) => !isPriced(state, prices)).map(({ type }) => type);
  const { dollarsPerMillionEvents, date, region } = prices;
  return {
    before: total("before"),
    after: total("after"),
    lines,
    unpriced: [...new Set(unpriced)].sort(),
    dollarsPerMillionEvents,
    date,
    region,
  };
}

interface Priced {
  readonly type: string;
  readonly prices: PricesAtRest;
}

const dollarsOf = (states: readonly ResourceState[], { type, prices }: Priced): number =>
  states
    .filter((state) => state.type === type)
    .reduce((sum, state) => {
      const price = isHighResolution(state)
        ? prices.dollarsPerHighResolutionAlarm
        : (prices.dollarsPerMonth[type] ?? 0);
      return sum + price * metricsOf(state);
    }, 0);

/** A table with provisioned capacity costs by the hour, even without requests. */
const isPriced = ({ type, raw }: ResourceState, { dollarsPerMonth, paidByUse }: PricesAtRest): boolean =>
  raw("billing_mode") !== "PROVISIONED" &&
  (type in dollarsPerMonth || paidByUse.some((beginning) => type.startsWith(beginning)));

/** An alarm on an expression costs as much as its metrics. */
function metricsOf({ type, raw }: ResourceState): number {
  const queries = type === "aws_cloudwatch_metric_alarm" ? (raw("metric_query") ?? []) : [];
  const metrics = (queries as readonly { metric?: readonly unknown[] }[]).filter(
    ({ metric = [] }) => metric.length > 0,
  );
  return Math.max(1, metrics.length);
}

const isHighResolution = ({ type, raw }: ResourceState): boolean =>
  type === "aws_cloudwatch_metric_alarm" && Number(raw("period") || STANDARD_PERIOD_SECONDS) < STANDARD_PERIOD_SECONDS;
