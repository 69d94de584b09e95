/** What is measured of a server. */
export interface Figures {
  readonly connectionsPerSecond: number;
  /** Of many sockets that each send the next message when the last has come back. */
  readonly messagesPerSecondInTurn: number;
  /** Of as many that send all they have at once. */
  readonly messagesPerSecondAtOnce: number;
  /** Of one socket that sends one message at a time. */
  readonly echoMillisecondsP50: number;
  readonly echoMillisecondsP99: number;
  /** From the sending of the message to the last of its deliveries. */
  readonly broadcastMilliseconds: number;
}

/** The value below which this share of the values is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
