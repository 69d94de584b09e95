interface Alarm {
  readonly at: number;
  readonly act: () => void;
}

/** A clock that stands still until a test advances it, for the `clock` of an emulator. */
export class HandClock {
  #now = Date.now();
  readonly #alarms = new Set<Alarm>();

  /** Epoch milliseconds. */
  readonly now = (): number => this.#now;

  /** Calls `act` after that time. Returns a function that cancels it. */
  readonly after = (milliseconds: number, act: () => void): (() => void) => {
    const alarm = { at: this.#now + milliseconds, act };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  };

  /** Advances the time. Runs everything that is due meanwhile, in order, each at its own time. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let alarm = this.#next(end); alarm; alarm = this.#next(end)) {
      this.#alarms.delete(alarm);
      this.#now = Math.max(this.#now, alarm.at);
      alarm.act();
    }
    this.#now = end;
  }

  #next(end: number): Alarm | undefined {
    return [...this.#alarms].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}
