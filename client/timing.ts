/** How long a session waits, in milliseconds. */
export interface Timing {
  /** For the answer to a frame, or to the handshake. API Gateway gives functions 29 seconds; then the line is dead. */
  readonly answer: number;
  /** Until history is asked for what a push may have lost. Also keeps the line up, which is cut after ten silent minutes. */
  readonly check: number;
  /** A message that was heard is held back so long, for an older one that is still on its way. */
  readonly settle: number;
  /** Until a name is claimed again that the user's own lost connection still holds. */
  readonly reclaim: number;
  /** A connection that has lasted so long resets the back-off. Shorter ones count as failed attempts. */
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
