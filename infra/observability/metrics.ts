import type { Metric as ChatMetric } from "../../chat/metrics.ts";
import { metricsNamespace } from "../names.ts";
import type { Environment } from "../settings/settings.ts";

/** A metric in CloudWatch, and the statistic of its values in a period. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** `Sum`, `Maximum`, `p99`. */
  readonly statistic: string;
}

/** Counted by the functions themselves. */
export const ofChat = (environment: Environment, metricName: ChatMetric, statistic = "Sum"): Metric => ({
  namespace: metricsNamespace(environment),
  metricName,
  statistic,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const ofFunction = (functionName: string, metricName: "Errors" | "Throttles"): Metric => ({
  namespace: "AWS/Lambda",
  metricName,
  dimensions: { FunctionName: functionName },
  statistic: "Sum",
});

export interface StageName {
  readonly apiId: string;
  readonly stageName: string;
}

/**
 * `IntegrationError`: a function answered 4xx or 5xx. `ExecutionError`: an error occurred when API Gateway called it.
 * `ClientError`: API Gateway answered 4xx itself, also for the authorizer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
 */
export const ofStage = (
  { apiId, stageName }: StageName,
  metricName: "ConnectCount" | "MessageCount" | "ClientError" | "IntegrationError" | "ExecutionError",
): Metric => ({
  namespace: "AWS/ApiGateway",
  metricName,
  dimensions: { ApiId: apiId, Stage: stageName },
  statistic: "Sum",
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
export const ofTable = (
  tableName: string,
  metricName: "ConsumedReadCapacityUnits" | "ConsumedWriteCapacityUnits" | "ReadThrottleEvents" | "WriteThrottleEvents",
): Metric => ({ namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: tableName }, statistic: "Sum" });

/** Failed events that an operator has not handled yet. */
export const ofQueue = (queueName: string): Metric => ({
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: queueName },
  statistic: "Maximum",
});

/** The parts of a stack that have metrics. */
export interface Watched {
  readonly environment: Environment;
  readonly functions: readonly WatchedFunction[];
  readonly stage: StageName;
  readonly tableName: string;
  /** Queues of failed events. */
  readonly queueNames: readonly string[];
}

export interface WatchedFunction {
  readonly entry: string;
  readonly functionName: string;
  /** Whether it is an authorizer. Lambda counts each 401 of an authorizer as an error. */
  readonly failsToRefuse: boolean;
}
