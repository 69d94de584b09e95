/** The clock of events, throttling, connection lifetimes and schedules. Functions use the system clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a clock that nobody adjusts. Only differences are meaningful. */
  elapsed(): number;
  /**
   * Calls the function once after the delay. Returns a function that cancels it. A pending call does not keep the
   * process running.
   */
  after(milliseconds: number, call: () => void): () => void;
}

/** Longest delay of a Node.js timer. A longer delay would fire immediately. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const DELAY_MILLISECONDS_MAX = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, Math.min(milliseconds, DELAY_MILLISECONDS_MAX));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
