import { METRICS, type Metric } from "../chat/metrics.ts";
import type { Count, Now } from "../chat/ports.ts";
import { environmentVariable, logLevel, now } from "./runtime.ts";

/** The counters of one invocation. An execution environment handles one event at a time. */
export interface Metrics {
  readonly count: Count;
  /** Writes a line with all counters that are not zero, and resets them. If Lambda ends the function first, they are lost. */
  write(): void;
}

export interface MetricsPorts {
  readonly now: Now;
  readonly print: (line: string) => void;
}

/**
 * Writes counters in the embedded metric format: CloudWatch extracts the metrics from the log, without a request or a
 * permission. They have no dimensions, because each environment has its own namespace.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics({ now, print }: MetricsPorts): Metrics {
  const counted = new Map<Metric, number>();
  return {
    count: (metric, value = 1) => void counted.set(metric, (counted.get(metric) ?? 0) + value),
    write() {
      if (counted.size === 0) return;
      print(`${JSON.stringify(lineOf(counted, now()))}\n`);
      counted.clear();
    },
  };
}

/**
 * Trap: Lambda treats a line without a level and a timestamp as INFO, and drops it if the function's log level is higher.
 * The line has the function's own level, so metrics are written at every level. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const lineOf = (counted: ReadonlyMap<Metric, number>, at: number): object => ({
  level: logLevel(),
  timestamp: new Date(at).toISOString(),
  _aws: {
    Timestamp: at,
    CloudWatchMetrics: [
      {
        Namespace: environmentVariable("METRICS_NAMESPACE"),
        Dimensions: [[]],
        Metrics: [...counted.keys()].map((metric) => ({ Name: metric, Unit: METRICS[metric] })),
      },
    ],
  },
  ...Object.fromEntries(counted),
});

/** Trap: Lambda wraps the output of `console` in a JSON object of its own, in which CloudWatch finds no metrics. */
export const metrics = embeddedMetrics({ now, print: (line) => process.stdout.write(line) });
