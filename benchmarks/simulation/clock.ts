import TinyQueue from "tinyqueue";

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * A clock in milliseconds that advances from event to event. Events at the same time run in the order in which they were
 * scheduled.
 */
export class VirtualClock {
  #now = 0;
  #scheduled = 0;
  readonly #events = new TinyQueue<Event>([], (one, other) => one.at - other.at || one.order - other.order);

  readonly now = (): number => this.#now;

  /** Schedules a call. */
  readonly after = (milliseconds: number, run: () => void): void => {
    this.#events.push({ at: this.#now + milliseconds, order: this.#scheduled, run });
    this.#scheduled += 1;
  };

  readonly pause = (milliseconds: number): Promise<void> => new Promise((resolve) => this.after(milliseconds, resolve));

  /** Advances the clock until no event is left. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          // Not a loop: everything that awaits this event continues, in microtasks, before the next event.
          if (this.#next()) setImmediate(step);
          else resolve();
        } catch (fault) {
          reject(fault);
        }
      };
      setImmediate(step);
    });
  }

  /** Runs the next event. False if there is none. */
  #next(): boolean {
    const event = this.#events.pop();
    if (!event) return false;
    this.#now = event.at;
    event.run();
    return true;
  }
}
