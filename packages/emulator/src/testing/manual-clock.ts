interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that only a test advances, for the `clock` option of an emulator. */
export class ManualClock {
  #now = Date.now();
  #elapsed = 0;
  readonly #timers = new Set<Timer>();

  /** Epoch milliseconds. */
  readonly now = (): number => this.#now;

  readonly elapsed = (): number => this.#elapsed;

  /** Calls the function once after the delay. Returns a function that cancels it. */
  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const timer = { at: this.#now + milliseconds, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Advances the time. Makes all calls that become due, in order, each at its own time. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    this.#elapsed += milliseconds;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.call();
    }
    this.#now = end;
  }

  /** Adjusts the time, as a user or NTP does. No time passes. */
  adjust(milliseconds: number): void {
    this.#now += milliseconds;
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}
