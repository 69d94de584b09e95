import { METRICS, type Metric } from "../chat/metrics.ts";
import type { Count, Now } from "../chat/ports.ts";
import { environmentVariable, logLevel, now } from "./runtime.ts";

/** What an invocation counts. An environment has one event at a time, so one is counted at a time. */
export interface Metrics {
  readonly count: Count;
  /** Writes a line of what was counted, where anything was, and begins anew. A function that is ended before has counted nothing. */
  write(): void;
}

export interface MetricsPorts {
  readonly now: Now;
  readonly print: (line: string) => void;
}

/**
 * Counts in the embedded metric format: CloudWatch makes metrics of such a line by itself, without a request or a right.
 * They have no dimensions: an environment has a namespace of its own.
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
 * Trap: Lambda takes a line without a level and a time for one of INFO, and drops it where the function's level is higher.
 * Metrics are wanted whatever the level. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
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

/** Trap: Lambda puts what `console` is given into a line of its own, in which CloudWatch finds no metrics. */
export const metrics = embeddedMetrics({ now, print: (line) => process.stdout.write(line) });
