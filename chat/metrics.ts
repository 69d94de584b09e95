/**
 * What the chat counts, with the unit of each. Each is paid for by the hour in which it is counted, in each environment: so
 * they are few, and none is told apart by connection, channel or user.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export const METRICS = {
  /**
   * A function failed to handle a handshake or a frame, and answered with an error. Lambda's metric `Errors` does not count
   * these; for the authorizer, it counts faults together with refused clients.
   */
  Faults: "Count",
  /** Said in a channel or to one user, and taken by the chat. A repeat is none. */
  MessagesAccepted: "Count",
  PushesDelivered: "Count",
  /** To a connection that is no more: 410. */
  PushesGone: "Count",
  /** API Gateway returned 429: the account's quota is used up, or the client does not read. Most are delivered by a retry. */
  PushesThrottled: "Count",
  /** Recipients that no retry of one function reached. If it is a message to a channel, another function takes over. */
  PushesFailed: "Count",
  /** Connections that were closed because their clients do not read. */
  StalledConnectionsClosed: "Count",
  /** From the start of a function's delivery to its last push. */
  FanOutTime: "Milliseconds",
  ConnectionsOpened: "Count",
  ConnectionsClosed: "Count",
} as const;

export type Metric = keyof typeof METRICS;
