import prices from "./prices.json" with { type: "json" };

/** What AWS meters. */
export interface Consumption {
  /** Of clients, and pushes that arrived: 32 KB each at most. */
  readonly messages: number;
  readonly connectionMinutes: number;
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly storedGigabytes: number;
  readonly logGigabytes: number;
  /** Metrics of the chat's own, for as long of the month as they are counted. */
  readonly metricMonths: number;
}

export interface Line {
  readonly service: string;
  readonly item: string;
  readonly quantity: number;
  readonly dollars: number;
}

const MILLION = 1e6;

/** What AWS takes for a month's consumption, item by item. Free tiers are left out, but the one that storage has for ever. */
export function billOf(consumption: Consumption): Line[] {
  const { apiGateway, lambda, dynamodb, cloudwatchLogs, cloudwatchMetrics } = prices;
  const { messages, connectionMinutes, invocations, gigabyteSeconds, readUnits, writeUnits } = consumption;
  const { storedGigabytes, logGigabytes, metricMonths } = consumption;
  const line = (service: string, item: string) => (quantity: number, dollars: number) => {
    return { service, item, quantity, dollars };
  };
  const perMillion = (quantity: number, dollars: number): [number, number] => [
    quantity,
    (quantity / MILLION) * dollars,
  ];
  return [
    line("API Gateway", "messages")(messages, dollarsForMessages(messages)),
    line("API Gateway", "connection minutes")(...perMillion(connectionMinutes, apiGateway.dollarsPerMillionMinutes)),
    line("Lambda", "requests")(...perMillion(invocations, lambda.dollarsPerMillionRequests)),
    line("Lambda", "GB-seconds")(gigabyteSeconds, gigabyteSeconds * lambda.dollarsPerGigabyteSecond),
    line("DynamoDB", "write units")(...perMillion(writeUnits, dynamodb.dollarsPerMillionWriteUnits)),
    line("DynamoDB", "read units")(...perMillion(readUnits, dynamodb.dollarsPerMillionReadUnits)),
    line("DynamoDB", "GB stored")(
      storedGigabytes,
      Math.max(0, storedGigabytes - dynamodb.freeGigabytes) * dynamodb.dollarsPerGigabyteMonth,
    ),
    line("CloudWatch", "GB of logs")(logGigabytes, logGigabytes * cloudwatchLogs.dollarsPerGigabyteIngested),
    line("CloudWatch", "metrics")(metricMonths, metricMonths * cloudwatchMetrics.dollarsPerMetricMonth),
  ];
}

export const totalOf = (lines: readonly Line[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);

/** The first thousand million of a month cost more than those that follow. */
function dollarsForMessages(messages: number): number {
  let [millions, below, dollars] = [messages / MILLION, 0, 0];
  for (const { millionsMax = Number.POSITIVE_INFINITY, dollarsPerMillion } of prices.apiGateway.messageTiers) {
    const inTier = Math.max(0, Math.min(millions, millionsMax - below));
    dollars += inTier * dollarsPerMillion;
    millions -= inTier;
    below = millionsMax;
  }
  return dollars;
}
