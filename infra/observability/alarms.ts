import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import { stackName, withId } from "../names.ts";
import type { Environment } from "../settings/settings.ts";
import { type AlarmRule, alarmRules } from "./alarm-rules.ts";
import type { AlarmTarget } from "./alarm-target.ts";
import type { Metric, Watched } from "./metrics.ts";

export interface AlarmsProps extends Watched {
  readonly target: AlarmTarget;
}

/** The alarms of an environment with `alarmEmail`. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { target, ...watched }: AlarmsProps) {
    super(scope, id);
    const { environment } = watched;
    for (const rule of alarmRules(watched)) new Alarm(this, { environment, target, rule });
  }
}

export interface AlarmProps {
  readonly environment: Environment;
  readonly rule: AlarmRule;
  /** The topic to notify when the alarm is raised and when it is over. Without it, only the console shows the alarm. */
  readonly target: AlarmTarget | undefined;
}

/** An alarm in CloudWatch. Missing data raises no alarm, because an idle chat has no metrics. */
export class Alarm extends Construct {
  constructor(scope: Construct, { environment, rule, target }: AlarmProps) {
    super(scope, rule.name);
    const { name, description, threshold, periods } = rule;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      // CloudWatch allows 255 characters, so an alarm never limits the names of functions.
      alarmName: `${stackName(environment)}-${name}`,
      alarmDescription: description,
      comparisonOperator: "GreaterThanThreshold",
      threshold,
      evaluationPeriods: periods,
      treatMissingData: "notBreaching",
      ...measured(rule),
      ...(target && { alarmActions: [target.arn], okActions: [target.arn] }),
    });
    withId(alarm, name);
  }
}

function measured({
  metrics: [first, ...more],
  periodSeconds: period,
}: AlarmRule): Partial<CloudwatchMetricAlarmConfig> {
  if (more.length > 0) return { metricQuery: summed([first, ...more], period) };
  const { statistic, ...metric } = first;
  if (!statistic.startsWith("p")) return { ...metric, period, statistic };
  // A percentile of few samples is their maximum. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
  return { ...metric, period, extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "ignore" };
}

/** Metrics without a value in a period are left out of the sum. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
const summed = (metrics: readonly Metric[], period: number): CloudwatchMetricAlarmMetricQuery[] => [
  { id: "sum", expression: "SUM(METRICS())", label: "sum", returnData: true },
  ...metrics.map(({ statistic: stat, ...metric }, index) => ({ id: `m${index}`, metric: { ...metric, stat, period } })),
];
