import { services } from "../../chatops/services.ts";
import { authorizer, eventSender, routes, workers } from "../../handlers/routes.ts";
import { environments } from "../../infra/environments.ts";
import { stackName } from "../../infra/names.ts";
import { type AlarmRule, alarmRules, failedEventsRule } from "../../infra/observability/alarm-rules.ts";
import type { Environment } from "../../infra/settings/settings.ts";
import { table } from "./markdown.ts";

const environment = environments[0] as Environment;

interface Function {
  readonly entry: string;
  readonly failsToRefuse: boolean;
}

const rulesFor = (functions: readonly Function[], own: Partial<Environment> = {}): readonly AlarmRule[] =>
  alarmRules({
    environment: { ...environment, ...own },
    functions: functions.map((each) => ({ ...each, functionName: each.entry })),
    stage: { apiId: "", stageName: "" },
    tableName: "",
    queueNames: [],
  });

/** The routes of the default settings, without routes for users and moderators. */
const delivered = [...routes, ...workers]
  .filter(({ needs }) => needs === undefined)
  .map(({ entry }): Function => ({ entry, failsToRefuse: false }));

/** CloudWatch bills an alarm by its metrics. */
export const ALARM_METRICS = rulesFor(delivered).reduce((sum, { metrics }) => sum + metrics.length, 0);

const minutes = (seconds: number): string => (seconds === 60 ? "1 minute" : `${seconds / 60} minutes`);

const rowOf = ({ name, metrics, threshold, periodSeconds, periods }: AlarmRule): string[] => [
  `\`${name}\``,
  metrics.map(({ metricName }) => `\`${metricName}\``).join(" + "),
  metrics[0].namespace === stackName(environment) ? "the environment's" : `\`${metrics[0].namespace}\``,
  metrics[0].statistic,
  minutes(periodSeconds),
  String(periods),
  `> ${threshold.toLocaleString("en")}`,
];

/** Every alarm with what it measures, from the rules that also define the Terraform. */
export const alarmTable = table(
  ["alarm", "metric", "namespace", "statistic", "period", "periods in a row", "threshold"],
  [
    ...rulesFor(
      [
        { entry: "…", failsToRefuse: false },
        { entry: authorizer.entry, failsToRefuse: true },
      ],
      { events: true },
    ),
    ...[...[...workers, eventSender].map(({ entry }) => entry), ...services.map(({ key }) => key)].map((entry) =>
      failedEventsRule(entry, entry),
    ),
  ].map(rowOf),
);
