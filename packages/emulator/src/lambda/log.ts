import type { InvokedEvent } from "../inspector/events.ts";
import { type FunctionError, LOG_LEVELS, type LogLevel, type LogMessage } from "./runtime-messages.ts";

/** A log entry, in the form of Lambda's JSON log format. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
export interface LogEntry {
  /** The name of the function, or `emulator`. */
  readonly source: string;
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly requestId: string | undefined;
  readonly message: unknown;
}

export type Log = (entry: LogEntry) => void;

/** Forwards the messages of a function whose level is at least the configured level. */
export const filteredLog =
  ({ name, logLevel }: { readonly name: string; readonly logLevel: string }, log: Log) =>
  ({ level, requestId, message }: LogMessage): void => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(logLevel as LogLevel)) return;
    log({ source: name, timestamp: new Date().toISOString(), level, requestId, message });
  };

/** The fields of a JSON line that Lambda and CloudWatch interpret. */
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

/** Parses what a function writes to stdout and stderr. A line of JSON can set its level, and can contain metrics. */
export const parseOutput = (text: string): LogMessage[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(messageOf);

function messageOf(line: string): LogMessage {
  const json = parseJson(line);
  const level = LOG_LEVELS.find((known) => known === json?.level) ?? "INFO";
  const directives = json?._aws?.CloudWatchMetrics;
  if (!json || !areMetrics(directives)) return { kind: "log", level, message: json ?? line };
  return {
    kind: "log",
    level,
    message: directives.map((directive) => metricsLine(directive, json)).join("\t"),
    isMetrics: true,
  };
}

/** A function can log anything. */
const areMetrics = (directives: unknown): directives is readonly MetricDirective[] =>
  Array.isArray(directives) &&
  directives.every((directive) => Array.isArray(directive?.Metrics)) &&
  directives.every(({ Metrics }) => Metrics.every((metric: unknown) => typeof metric === "object" && metric !== null));

function parseJson(line: string): JsonLine | undefined {
  try {
    const json = JSON.parse(line);
    return json && typeof json === "object" && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

const metricsLine = ({ Namespace, Metrics }: MetricDirective, values: JsonLine): string =>
  [`METRICS ${Namespace}`, ...Metrics.map(({ Name, Unit }) => `${Name}: ${values[Name]}${unitSuffix(Unit)}`)].join(
    "\t",
  );

const unitSuffix = (unit = "None"): string => (unit === "None" || unit === "Count" ? "" : ` ${unit}`);

/** The data of a REPORT line. */
export interface InvocationReport {
  readonly requestId: string;
  readonly milliseconds: number;
  readonly memoryMegabytes: number;
  /** The memory of the thread after the handler; 0 if it was not measured. */
  readonly memoryBytes: number;
  /** Only for a cold start. */
  readonly initMilliseconds?: number | undefined;
  readonly errorType?: string | undefined;
}

const MEGABYTE = 1024 * 1024;

/** The lines of Lambda's text format. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
export const startLine = (requestId: string): string => `START RequestId: ${requestId} Version: $LATEST`;
export const endLine = (requestId: string): string => `END RequestId: ${requestId}`;
export const initLine = (): string => `INIT_START Runtime Version: nodejs:${process.versions.node}`;

/** Lambda rounds up to a millisecond, and has billed cold starts since August 2025. */
const billedMilliseconds = ({ milliseconds, initMilliseconds = 0 }: InvocationReport): number =>
  Math.ceil(milliseconds + initMilliseconds);

const usedMegabytes = ({ memoryMegabytes, memoryBytes }: InvocationReport): number =>
  Math.min(memoryMegabytes, Math.ceil(memoryBytes / MEGABYTE));

/** What observers receive instead of a REPORT line. */
export const invokedEvent = (
  functionName: string,
  report: InvocationReport,
  error: FunctionError | undefined,
): InvokedEvent => ({
  kind: "invoked",
  functionName,
  requestId: report.requestId,
  milliseconds: report.milliseconds,
  memoryMegabytes: report.memoryMegabytes,
  billedMilliseconds: billedMilliseconds(report),
  initMilliseconds: report.initMilliseconds,
  memoryUsedMegabytes: report.memoryBytes > 0 ? usedMegabytes(report) : undefined,
  error: error && { type: error.errorType, message: error.errorMessage },
});

export function reportLine(report: InvocationReport): string {
  const { requestId, milliseconds, memoryMegabytes, memoryBytes, initMilliseconds, errorType } = report;
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${milliseconds.toFixed(2)} ms`,
    `Billed Duration: ${billedMilliseconds(report)} ms`,
    `Memory Size: ${memoryMegabytes} MB`,
    ...(memoryBytes > 0 ? [`Max Memory Used: ${usedMegabytes(report)} MB`] : []),
    ...(initMilliseconds === undefined ? [] : [`Init Duration: ${initMilliseconds.toFixed(2)} ms`]),
    ...(errorType === undefined ? [] : statusOf(errorType)),
  ].join("\t");
}

const statusOf = (errorType: string): string[] =>
  errorType === "Sandbox.Timedout" ? ["Status: timeout"] : ["Status: error", `Error Type: ${errorType}`];
