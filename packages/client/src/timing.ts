/** The timeouts and intervals of a session, in milliseconds. */
export interface Timing {
  /** Timeout of a reply or a handshake. API Gateway ends an integration after 29 seconds, so the connection is dead then. */
  readonly answer: number;
  /** Interval of reading missed messages. Also keeps the connection open: API Gateway closes it after ten idle minutes. */
  readonly check: number;
  /** How long a pushed message is held back, in case an older one arrives after it. */
  readonly settle: number;
  /** Interval of claiming a name that a lost connection of the user still holds. */
  readonly reclaim: number;
  /** A connection that lasts this long resets the back-off. Shorter ones count as failed attempts. */
  readonly steady: number;
  /**
   * A connection is renewed at a random time in the last quarter of this. API Gateway closes it after two hours, and
   * clients that connected together would come back together.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
   */
  readonly renew: number;
}

export const TIMING: Timing = {
  answer: 30_000,
  check: 4 * 60_000,
  settle: 200,
  reclaim: 15_000,
  steady: 60_000,
  renew: 115 * 60_000,
};
