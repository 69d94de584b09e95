import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import type { AlarmTarget } from "./alarm-target.ts";
import type { Metric } from "./metrics.ts";
import { stackName, withId } from "./names.ts";
import type { Environment } from "./settings.ts";

export interface AlarmProps {
  readonly environment: Environment;
  /** For who is woken: what has happened, and where to look. */
  readonly description: string;
  /** Added up, where there are several. */
  readonly metrics: readonly [Metric, ...Metric[]];
  /** What may just be. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** For so many periods on end. */
  readonly periods: number;
  /** Hears when it begins and when it is over; without one, the console alone shows it. */
  readonly target: AlarmTarget | undefined;
}

/** Something that should not be. Silence is none: a chat that nobody uses has no metrics. */
export class Alarm extends Construct {
  constructor(scope: Construct, name: string, props: AlarmProps) {
    super(scope, name);
    const { environment, description, threshold, periods, target } = props;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      // CloudWatch allows 255 characters, so an alarm never limits the names of functions.
      alarmName: `${stackName(environment)}-${name}`,
      alarmDescription: description,
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      evaluationPeriods: periods,
      treatMissingData: "notBreaching",
      ...measured(props),
      ...(target && { alarmActions: [target.arn], okActions: [target.arn] }),
    });
    withId(alarm, name);
  }
}

function measured({
  metrics: [first, ...more],
  periodSeconds: period,
}: AlarmProps): Partial<CloudwatchMetricAlarmConfig> {
  if (more.length > 0) return { metricQuery: summed([first, ...more], period) };
  const { statistic, ...metric } = first;
  if (!statistic.startsWith("p")) return { ...metric, period, statistic };
  // One slow of a few is no share of a hundred yet.
  return { ...metric, period, extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "ignore" };
}

/** Metrics without a value in a period are left out of the sum. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
const summed = (metrics: readonly Metric[], period: number): CloudwatchMetricAlarmMetricQuery[] => [
  { id: "sum", expression: "SUM(METRICS())", label: "sum", returnData: true },
  ...metrics.map(({ statistic: stat, ...metric }, index) => ({ id: `m${index}`, metric: { ...metric, stat, period } })),
];
