import { LOG_LEVELS, type LogMessage } from "./protocol.ts";

/** A line of JSON, as Lambda and CloudWatch look at it. */
interface JsonLine {
  readonly level?: unknown;
  readonly _aws?: { readonly CloudWatchMetrics?: readonly MetricDirective[] };
  readonly [name: string]: unknown;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface MetricDirective {
  readonly Namespace: string;
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
}

/** What a function wrote past its console, line by line: JSON may say its level, and may be metrics. */
export const messagesIn = (text: string): LogMessage[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(messageOf);

function messageOf(line: string): LogMessage {
  const json = parse(line);
  const level = LOG_LEVELS.find((known) => known === json?.level) ?? "INFO";
  const directives = json?._aws?.CloudWatchMetrics;
  if (!json || !Array.isArray(directives)) return { kind: "log", level, message: json ?? line };
  return {
    kind: "log",
    level,
    message: directives.map((directive) => metricsLine(directive, json)).join("\t"),
    isMetrics: true,
  };
}

function parse(line: string): JsonLine | undefined {
  try {
    const json = JSON.parse(line);
    return json && typeof json === "object" && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

const metricsLine = ({ Namespace, Metrics }: MetricDirective, values: JsonLine): string =>
  [`METRICS ${Namespace}`, ...Metrics.map(({ Name, Unit }) => `${Name}: ${values[Name]}${suffixOf(Unit)}`)].join("\t");

const suffixOf = (unit = "None"): string => (unit === "None" || unit === "Count" ? "" : ` ${unit}`);
