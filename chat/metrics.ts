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
  /** Too much at once: 429. Most are delivered after all. */
  PushesThrottled: "Count",
  /** To whom one function gave up. What is said in a channel is left to another one. */
  PushesFailed: "Count",
  /** From a function's beginning to deliver to its last push. */
  FanOutTime: "Milliseconds",
  ConnectionsOpened: "Count",
  ConnectionsClosed: "Count",
} as const;

export type Metric = keyof typeof METRICS;
