import prices from "./prices.json" with { type: "json" };

/** What AWS meters in a month. */
export interface Consumption {
  /** Frames of clients and delivered pushes, in units of 32 KB. */
  readonly messages: number;
  readonly connectionMinutes: number;
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly storedGigabytes: number;
  readonly logGigabytes: number;
  /** Custom metrics, each for the share of the month in which it has data. */
  readonly metricMonths: number;
}

export interface Line {
  readonly service: string;
  readonly item: string;
  readonly quantity: number;
  readonly dollars: number;
}

const MILLION = 1e6;

/** Returns the bill of a month, item by item. Free tiers are left out, except the permanent one for storage. */
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

/** The first billion messages of a month cost more than the following ones. */
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
