import type { Attributes } from "./as-deployed.ts";

/** A value of a metric, as AWS or a function reports it. */
export interface Datum {
  readonly namespace: string;
  readonly name: string;
  /** As CloudWatch's API orders them. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

export type AlarmState = "OK" | "ALARM";

/** A metric as Terraform has it, of an alarm or of a query. */
interface MetricStat {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly period: number;
  readonly stat: string;
}

/** The number of additional periods that CloudWatch reads, to replace missing data. */
const FURTHER_BACK = 2;

/**
 * The state of an alarm after each of its periods, from the first datum to `until`, by what CloudWatch documents.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function statesOf(alarm: Attributes, data: readonly Datum[], until: number): AlarmState[] {
  refuseUnknown(alarm);
  const metrics = metricsOf(alarm);
  const milliseconds = Math.max(...metrics.map(({ period }) => period)) * 1000;
  const first = Math.floor(Math.min(until - milliseconds, ...data.map(({ at }) => at)) / milliseconds) * milliseconds;
  const points: (number | "few" | undefined)[] = [];
  const states: AlarmState[] = [];
  for (let start = first; start < until; start += milliseconds) {
    const values = metrics.map((metric) =>
      statistic(alarm, metric, within(data, metric, [start, start + milliseconds])),
    );
    points.push(sum(values));
    states.push(evaluate(alarm, points, states.at(-1) ?? "OK"));
  }
  return states;
}

/** What the evaluation below does not do. */
function refuseUnknown({ alarm_name, treat_missing_data, comparison_operator, datapoints_to_alarm }: Attributes): void {
  const isKnown =
    treat_missing_data === "notBreaching" &&
    comparison_operator === "GreaterThanThreshold" &&
    datapoints_to_alarm === undefined;
  if (!isKnown) throw new Error(`The alarm ${alarm_name} has a setting that cloudwatch.ts does not evaluate.`);
}

function metricsOf(alarm: Attributes): readonly MetricStat[] {
  const queries = alarm.metric_query as readonly { expression?: string; metric?: MetricStat }[] | undefined;
  if (!queries) return [{ ...alarm, stat: alarm.statistic ?? alarm.extended_statistic } as unknown as MetricStat];
  const expressions = queries.flatMap(({ expression = [] }) => expression);
  if (expressions.join() !== "SUM(METRICS())") throw new Error(`cloudwatch.ts does not evaluate ${expressions}.`);
  return queries.flatMap(({ metric = [] }) => metric);
}

const within = (
  data: readonly Datum[],
  { namespace, metric_name, dimensions = {} }: MetricStat,
  [from, to]: [number, number],
) =>
  data.filter(
    (datum) =>
      datum.namespace === namespace &&
      datum.name === metric_name &&
      isSame(datum.dimensions ?? {}, dimensions) &&
      datum.at >= from &&
      datum.at < to,
  );

const isSame = (one: object, other: object): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** Undefined if there is no data; "few" if there is too little of it for a percentile. */
function statistic(alarm: Attributes, { stat }: MetricStat, data: readonly Datum[]): number | "few" | undefined {
  const values = data.map(({ value }) => value).sort((one, other) => one - other);
  if (values.length === 0) return undefined;
  if (stat === "Sum") return values.reduce((total, value) => total + value);
  if (stat === "Maximum") return values.at(-1);
  const percentile = Number(/^p(\d\d)$/.exec(stat)?.[1]) / 100;
  if (Number.isNaN(percentile)) throw new Error(`cloudwatch.ts does not know the statistic ${stat}.`);
  if (values.length < significant(percentile) && alarm.evaluate_low_sample_count_percentiles === "ignore") return "few";
  return values[Math.ceil(percentile * values.length) - 1];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html */
const significant = (percentile: number): number => Math.round(10 / (1 - percentile));

/** Metrics without data are left out of the sum. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
function sum(values: readonly (number | "few" | undefined)[]): number | "few" | undefined {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return undefined;
  return present.includes("few") ? "few" : (present as number[]).reduce((total, value) => total + value);
}

/** The latest data in the range counts. Missing data counts only if there are too few values for the alarm. */
function evaluate(
  { evaluation_periods, threshold }: Attributes,
  points: readonly (number | "few" | undefined)[],
  before: AlarmState,
): AlarmState {
  if (points.at(-1) === "few") return before;
  const periods = Number(evaluation_periods);
  const range = points.slice(-(periods + FURTHER_BACK)).filter((point): point is number => typeof point === "number");
  const latest = range.slice(-periods);
  return latest.length === periods && latest.every((point) => point > Number(threshold)) ? "ALARM" : "OK";
}
