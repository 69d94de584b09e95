import type { Environment } from "../settings/settings.ts";
import {
  type Metric,
  ofChat,
  ofFunction,
  ofQueue,
  ofStage,
  ofTable,
  type Watched,
  type WatchedFunction,
} from "./metrics.ts";

/** An alarm is raised if the sum of its metrics is above the threshold in each of `periods` consecutive periods. */
export interface AlarmRule {
  readonly name: string;
  /** The text of the mail: what happened, and where to look. */
  readonly description: string;
  readonly metrics: readonly [Metric, ...Metric[]];
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly periods: number;
}

/** The duration of a fan-out above which a conversation stops feeling live. */
const SLOW_MILLISECONDS = 5_000;

const ANY_IN_FIVE_MINUTES = { threshold: 0, periodSeconds: 300, periods: 1 };

/**
 * An alarm means a fault of the chat or of AWS, or exhausted capacity. A client cannot raise one by a missing or invalid
 * token (401), a refused handshake (403, 429), invalid frames, or too many frames.
 */
export const alarmRules = ({ environment, functions, stage, tableName }: Watched): readonly AlarmRule[] => [
  ...functions.map(ofOneFunction),
  {
    ...ANY_IN_FIVE_MINUTES,
    name: "faults",
    description:
      "Functions failed to handle handshakes or frames, and answered with an error. Their logs have it as ERROR.",
    metrics: [ofChat(environment, "Faults")],
  },
  {
    name: "fan-out-time",
    description: `For a quarter of an hour, one fan-out in a hundred has taken more than ${SLOW_MILLISECONDS / 1000} seconds.`,
    metrics: [ofChat(environment, "FanOutTime", "p99")],
    threshold: SLOW_MILLISECONDS,
    periodSeconds: 300,
    periods: 3,
  },
  ...(environment.events ? [eventsLost(environment)] : []),
  {
    ...ANY_IN_FIVE_MINUTES,
    name: "api-errors",
    description: "API Gateway could not call a function, or got no valid answer. The access log has the route.",
    // Not IntegrationError, which also counts each 403 and 429 of $connect. A 500 of a function is in Faults.
    metrics: [ofStage(stage, "ExecutionError")],
  },
  {
    ...ANY_IN_FIVE_MINUTES,
    name: "table-throttles",
    description: "DynamoDB refused requests: the table or one of its partitions got more than it can serve.",
    metrics: [ofTable(tableName, "ReadThrottleEvents"), ofTable(tableName, "WriteThrottleEvents")],
  },
];

const eventsLost = (environment: Environment): AlarmRule => ({
  ...ANY_IN_FIVE_MINUTES,
  name: "events-lost",
  description: "Events for other programs were lost, because Lambda did not accept them. Their logs have it as ERROR.",
  metrics: [ofChat(environment, "EventsLost")],
});

/** An authorizer must fail for each 401, so its `Errors` are not meaningful. It counts its faults in `Faults`. */
function ofOneFunction({ entry, functionName, failsToRefuse }: WatchedFunction): AlarmRule {
  const throttles = ofFunction(functionName, "Throttles");
  if (failsToRefuse) {
    return {
      ...ANY_IN_FIVE_MINUTES,
      name: `${entry}-throttles`,
      description: `${entry} was not run because too many functions run already: clients could not connect.`,
      metrics: [throttles],
    };
  }
  return {
    ...ANY_IN_FIVE_MINUTES,
    name: `${entry}-errors`,
    description: `${entry} ended without an answer, or was not run because too many functions run already.`,
    metrics: [ofFunction(functionName, "Errors"), throttles],
  };
}

/** Exists in every environment, because events that a function failed to process are lost after 14 days. */
export const failedEventsRule = (entry: string, queueName: string): AlarmRule => ({
  name: `${entry}-failed`,
  description: `Events that ${entry} failed to process, after all retries, are in the queue ${queueName}.`,
  metrics: [ofQueue(queueName)],
  threshold: 0,
  periodSeconds: 60,
  periods: 1,
});
