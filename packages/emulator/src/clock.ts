/** The time of the gateway: of its events, its throttle, and the ends of its connections. Functions run on real time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Acts once the time is over. Gives what calls it off. A wait that is still under way keeps no process up. */
  after(milliseconds: number, act: () => void): () => void;
}

/** Longest delay of a Node.js timer. A longer one would end at once. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const DELAY_MILLISECONDS_MAX = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, Math.min(milliseconds, DELAY_MILLISECONDS_MAX));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
