import { isRecord, type Parameters, shown } from "../call.ts";
import {
  between,
  type Constraint,
  elementsAtMost,
  every,
  type Limit,
  matching,
  oneOf,
  onlyMembers,
  operations,
  page,
  select,
} from "./limit.ts";

const ALARM = operations("cloudwatch", "PutMetricAlarm");
const ALARM_PAGE = page("AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html");
const MATH = page("AmazonCloudWatch/latest/monitoring/using-metric-math.html");
const DASHBOARD = operations("cloudwatch", "PutDashboard");
const BODY = page("AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html");
const INVALID_BODY = { code: "InvalidParameterInput" };

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
const STATISTIC =
  /Average|Minimum|Maximum|Sum|SampleCount|(p|tm|tc|ts|wm)\d{1,2}(\.\d{1,10})?|p100|IQM|(PR|TC|TM|TS|WM)\([\d.%]*:[\d.%]*\)/;
const statistic = matching(
  STATISTIC,
  "Average, Minimum, Maximum, Sum, SampleCount, p99, tm99, TM(10%:90%) and the like",
);

/** Functions of metric math. */
const FUNCTIONS = new Set(
  (
    "ABS ANOMALY_DETECTION_BAND AVG CEIL DATAPOINT_COUNT DB_PERF_INSIGHTS DIFF DIFF_TIME FILL FIRST LAST FLOOR IF " +
    "INSIGHT_RULE_METRIC LAMBDA LOG LOG10 MAX METRIC_COUNT METRICS MIN MINUTE HOUR DAY DATE MONTH YEAR EPOCH PERIOD " +
    "RATE REMOVE_EMPTY RUNNING_SUM SEARCH SERVICE_QUOTA SLICE SORT STDDEV SUM TIME_SERIES AND OR NOT REPEAT LINEAR"
  ).split(" "),
);

const queriesOf = ({ Metrics }: Parameters): readonly Parameters[] =>
  Array.isArray(Metrics) ? Metrics.filter(isRecord) : [];

/** Every name in an expression must be a function or an id of the same alarm, and brackets must match. */
const mathIsValid: Constraint = (value, parameters) => {
  const text = String(value);
  if (/^\s*SELECT\b/i.test(text)) return undefined;
  const ids = new Set(queriesOf(parameters).map(({ Id }) => Id));
  const names = text.replaceAll(/"[^"]*"|'[^']*'/g, "").match(/[A-Za-z]\w*/g) ?? [];
  const unknown = names.find((name) => !ids.has(name) && !FUNCTIONS.has(name));
  if (unknown)
    return `is ${shown(value)}, in which "${unknown}" is neither a function of metric math nor an Id of this alarm`;
  return isBalanced(text) ? undefined : `is ${shown(value)}, in which brackets do not match`;
};

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0 && !/[-+*/^]\s*$/.test(text);
}

const oneReturnsData: Constraint = (_, parameters) => {
  const returned = queriesOf(parameters).filter(({ ReturnData = true }) => ReturnData);
  return returned.length === 1
    ? undefined
    : `have ${returned.length} queries with ReturnData; AWS requires exactly one`;
};

const expressionOrMetric: Constraint = (value) =>
  isRecord(value) && "Expression" in value === "MetricStat" in value
    ? "has both or neither of Expression and MetricStat; AWS requires one"
    : undefined;

const metricsStandAlone: Constraint = (_, parameters) => {
  const names = ["MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic"];
  const other = queriesOf(parameters).length > 0 ? names.find((name) => parameters[name] !== undefined) : undefined;
  return other === undefined ? undefined : `has ${other} with Metrics; AWS accepts one of the two`;
};

const oneStatistic: Constraint = (_, { Metrics, Statistic, ExtendedStatistic }) =>
  Metrics === undefined && Boolean(Statistic) === Boolean(ExtendedStatistic)
    ? "has both or neither of Statistic and ExtendedStatistic; AWS requires one"
    : undefined;

const wholeMinutes: Constraint = (value) =>
  value === 10 || value === 20 || value === 30 || Number(value) % 60 === 0
    ? undefined
    : `is ${value}; AWS accepts 10, 20, 30 and multiples of 60`;

/** A day for periods shorter than an hour, else a week. */
const evaluationFits: Constraint = (value, parameters) => {
  const periods = ["Period", "Metrics[].MetricStat.Period", "Metrics[].Period"].flatMap((at) => select(parameters, at));
  const period = Math.max(0, ...periods.map(({ value: seconds }) => Number(seconds)));
  const most = period >= 3600 ? 604_800 : 86_400;
  return period * Number(value) <= most
    ? undefined
    : `is ${value} of ${period} seconds; AWS accepts at most ${most} seconds in all`;
};

const pointsFit: Constraint = (value, { EvaluationPeriods = 1 }) =>
  Number(value) <= Number(EvaluationPeriods)
    ? undefined
    : `is ${value}; AWS accepts at most EvaluationPeriods, ${EvaluationPeriods}`;

const isOnGrid: Constraint = (value) => {
  const { x = 0, width = 6, height = 6 } = value as { x?: number; width?: number; height?: number };
  const fits = width >= 1 && width <= 24 && height >= 1 && height <= 1000 && x >= 0 && x + width <= 24;
  return fits
    ? undefined
    : `is at x ${x} with width ${width} and height ${height}; AWS accepts x + width up to 24 and height up to 1000`;
};

/** `[namespace, name, dimension, value, …, options]`, or `[{ expression }]`. */
const isMetric: Constraint = (value) => {
  const line: readonly unknown[] = Array.isArray(value) ? value : [];
  const options = isRecord(line.at(-1)) ? (line.at(-1) as Parameters) : {};
  const words = isRecord(line.at(-1)) ? line.slice(0, -1) : line;
  if ("expression" in options) return undefined;
  const isComplete =
    words.length >= 2 && words.length % 2 === 0 && words.every((word) => typeof word === "string" && word);
  if (!isComplete) return `is ${shown(value)}; AWS accepts a namespace, a name and pairs of a dimension and its value`;
  return words.length <= 62 ? undefined : `has ${words.length / 2 - 1} dimensions; AWS accepts at most 30`;
};

const metricWidget =
  (accepts: Constraint): Constraint =>
  (value, parameters) =>
    isRecord(value) && value.type === "metric" ? accepts(value.properties, parameters) : undefined;

const hasRegion: Constraint = (value) =>
  isRecord(value) && value.region !== undefined
    ? undefined
    : "lacks properties.region; AWS requires it for a metric widget";

const hasMetrics: Constraint = (value) =>
  isRecord(value) && (value.metrics || value.annotations)
    ? undefined
    : "has neither metrics nor annotations; AWS requires one";

const PROPERTIES = (
  "accountId annotations end gauge labels legend liveData metrics period region setPeriodToTimeRange " +
  "singleValueFullPrecision sparkline stacked start stat table timezone title trend view yAxis"
).split(" ");

const LINE = "accountId color expression id label period region searchAccount stat visible yAxis".split(" ");

const line = "DashboardBody(json).widgets[].properties.metrics[]";

export const CLOUDWATCH: readonly Limit[] = [
  { of: ALARM, at: "", accepts: metricsStandAlone, rule: ALARM_PAGE },
  { of: ALARM, at: "", accepts: oneStatistic, rule: ALARM_PAGE },
  { of: ALARM, at: "Metrics", accepts: oneReturnsData, rule: ALARM_PAGE },
  { of: ALARM, at: "Metrics[]", accepts: expressionOrMetric, rule: ALARM_PAGE },
  {
    of: ALARM,
    at: "Metrics[].Id",
    accepts: matching(/[a-z]\w{0,254}/, "a lower-case letter, then letters, digits and underscores"),
    rule: page("AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html"),
  },
  { of: ALARM, at: "Metrics[].Expression", accepts: mathIsValid, rule: MATH },
  { of: ALARM, at: "Metrics[].MetricStat.Stat", accepts: statistic, rule: ALARM_PAGE },
  { of: ALARM, at: "Metrics[].MetricStat.Period", accepts: wholeMinutes, rule: ALARM_PAGE },
  { of: ALARM, at: "ExtendedStatistic", accepts: statistic, rule: ALARM_PAGE },
  { of: ALARM, at: "Period", accepts: wholeMinutes, rule: ALARM_PAGE },
  { of: ALARM, at: "EvaluationPeriods", accepts: evaluationFits, rule: ALARM_PAGE },
  { of: ALARM, at: "DatapointsToAlarm", accepts: pointsFit, rule: ALARM_PAGE },
  {
    of: ALARM,
    at: "TreatMissingData",
    accepts: oneOf("breaching", "notBreaching", "ignore", "missing"),
    rule: ALARM_PAGE,
  },
  { of: ALARM, at: "EvaluateLowSampleCountPercentile", accepts: oneOf("evaluate", "ignore"), rule: ALARM_PAGE },
  {
    of: DASHBOARD,
    at: "DashboardName",
    accepts: matching(/[\w-]{1,255}/, "at most 255 letters, digits, hyphens and underscores"),
    rule: page("AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"),
    ...INVALID_BODY,
  },
  ...(
    [
      ["DashboardBody(json)", onlyMembers("start", "end", "periodOverride", "widgets", "variables")],
      ["DashboardBody(json).widgets", elementsAtMost(500)],
      ["DashboardBody(json).widgets[]", onlyMembers("type", "x", "y", "width", "height", "properties")],
      ["DashboardBody(json).widgets[].type", oneOf("metric", "text", "log", "alarm", "explorer", "custom")],
      ["DashboardBody(json).widgets[]", isOnGrid],
      ["DashboardBody(json).widgets[]", metricWidget(every(onlyMembers(...PROPERTIES), hasRegion, hasMetrics))],
      [
        "DashboardBody(json).widgets[].properties.view",
        oneOf("timeSeries", "singleValue", "gauge", "bar", "pie", "table"),
      ],
      ["DashboardBody(json).widgets[].properties.metrics", elementsAtMost(500)],
      ["DashboardBody(json).widgets[].properties.stat", statistic],
      [line, isMetric],
      [`${line}[]`, onlyMembers(...LINE)],
      [`${line}[].stat`, statistic],
      [`${line}[].period`, every(between(1, 2_592_000))],
    ] as const
  ).map(([at, accepts]): Limit => ({ of: DASHBOARD, at, accepts, rule: BODY, ...INVALID_BODY })),
];
