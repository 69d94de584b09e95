import { Construct } from "constructs";
import { Alarm, type AlarmProps } from "./alarm.ts";
import type { AlarmTarget } from "./alarm-target.ts";
import { ofChat, ofFunction, ofStage, ofTable } from "./metrics.ts";
import type { Watched } from "./watched.ts";

/** Of a fan-out; slower than that, a conversation is none. */
const SLOW_MILLISECONDS = 5_000;

const FIVE_MINUTES = { periodSeconds: 300, periods: 1 };

/** What an operator should know before the users say it. */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { target, environment, functions, stage, tableName }: Watched & { readonly target: AlarmTarget },
  ) {
    super(scope, id);
    const add = (name: string, props: Omit<AlarmProps, "environment" | "target">) =>
      new Alarm(this, name, { environment, target, ...props });

    for (const { entry, functionName } of functions) {
      add(`${entry}-errors`, {
        ...FIVE_MINUTES,
        description: `${entry} ended without an answer, or was not run because too many functions run already.`,
        metrics: [ofFunction(functionName, "Errors"), ofFunction(functionName, "Throttles")],
        threshold: 0,
      });
    }
    add("faults", {
      ...FIVE_MINUTES,
      description:
        "Functions could not do what frames asked for, and answered so. Their logs have the faults, as ERROR.",
      metrics: [ofChat(environment, "Faults")],
      threshold: 0,
    });
    add("fan-out-time", {
      description: `For a quarter of an hour, one fan-out in a hundred has taken more than ${SLOW_MILLISECONDS / 1000} seconds.`,
      metrics: [ofChat(environment, "FanOutTime", "p99")],
      threshold: SLOW_MILLISECONDS,
      periodSeconds: 300,
      periods: 3,
    });
    add("api-errors", {
      ...FIVE_MINUTES,
      description: "API Gateway got a 5xx from a function, or could not call it. The access log says on which route.",
      metrics: [ofStage(stage, "IntegrationError"), ofStage(stage, "ExecutionError")],
      threshold: 0,
    });
    add("table-throttles", {
      ...FIVE_MINUTES,
      description:
        "DynamoDB refused requests: more was asked of the table, or of one of its partitions, than it takes.",
      metrics: [ofTable(tableName, "ReadThrottleEvents"), ofTable(tableName, "WriteThrottleEvents")],
      threshold: 0,
    });
  }
}
