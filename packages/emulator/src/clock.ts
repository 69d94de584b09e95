import type { EmulatedTime } from "./emulated-time.ts";

/** The clock of events, throttling, connection lifetimes and schedules. Functions use `EmulatedTime`. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds of a monotonic clock. Only differences are meaningful. */
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

interface Timer {
  /** In the time of `elapsed`. */
  readonly at: number;
  readonly call: () => void;
  cancel: () => void;
}

/** A clock that follows an emulated time. */
export class MovableClock implements Clock {
  readonly #base: Clock;
  readonly #time: EmulatedTime;
  readonly #timers = new Set<Timer>();

  constructor(base: Clock, time: EmulatedTime) {
    this.#base = base;
    this.#time = time;
  }

  readonly now = (): number => this.#base.now() + this.#time.movedBy();

  readonly elapsed = (): number => this.#base.elapsed() + this.#time.movedBy();

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const timer: Timer = { at: this.elapsed() + milliseconds, call, cancel: () => undefined };
    this.#timers.add(timer);
    this.#start(timer);
    return () => {
      this.#timers.delete(timer);
      timer.cancel();
    };
  };

  /**
   * Moves the time forward, and makes all calls that became due, in order. Calls that these request are not made, however
   * soon they are due: a machine that wakes up after a day does not repeat an hourly call either.
   */
  advance(milliseconds: number): void {
    this.#time.advance(milliseconds);
    const now = this.elapsed();
    const timers = [...this.#timers].sort((one, other) => one.at - other.at);
    for (const timer of timers) timer.cancel();
    for (const timer of timers.filter(({ at }) => at > now)) this.#start(timer);
    // A call can cancel others.
    for (const timer of timers.filter(({ at }) => at <= now)) if (this.#timers.delete(timer)) timer.call();
  }

  #start(timer: Timer): void {
    timer.cancel = this.#base.after(timer.at - this.elapsed(), () => {
      this.#timers.delete(timer);
      timer.call();
    });
  }
}
