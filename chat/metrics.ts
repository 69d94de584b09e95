/**
 * The metrics of the chat and their units. CloudWatch charges for each metric in each environment, prorated by the hour, so
 * there are few, and none has dimensions such as connection, channel or user.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export const METRICS = {
  /**
   * A function failed to handle a handshake or a frame, and answered with an error. Lambda's metric `Errors` does not count
   * these; for the authorizer, it counts faults together with refused clients.
   */
  Faults: "Count",
  /** Messages to a channel or a user that the chat accepted. Repeats do not count. */
  MessagesAccepted: "Count",
  PushesDelivered: "Count",
  /** API Gateway returned 410: the connection no longer exists. */
  PushesGone: "Count",
  /** API Gateway returned 429: the account's quota is used up, or the client does not read. Most are delivered by a retry. */
  PushesThrottled: "Count",
  /** Recipients that no retry of one function reached. For a message to a channel, another function takes over. */
  PushesFailed: "Count",
  /** Connections that were closed because their clients do not read. */
  StalledConnectionsClosed: "Count",
  /** From the start of a function's delivery to its last push. */
  FanOutTime: "Milliseconds",
  /** Events for other programs that could not be queued. */
  EventsLost: "Count",
  /** Events that EventBridge refused, in each attempt. Most are accepted by a retry. */
  EventsRefused: "Count",
  ConnectionsOpened: "Count",
  ConnectionsClosed: "Count",
} as const;

/** How many metrics an environment can have without the setting `events`. */
export const METRIC_COUNT = Object.keys(METRICS).filter((metric) => !metric.startsWith("Events")).length;

export type Metric = keyof typeof METRICS;
