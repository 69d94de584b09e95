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
  /** A binary heap: an event comes before its two children. */
  readonly #events: Event[] = [];

  readonly now = (): number => this.#now;

  /** Schedules a call. */
  readonly after = (milliseconds: number, run: () => void): void => {
    this.#push({ at: this.#now + milliseconds, order: this.#scheduled, run });
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
    const event = this.#pop();
    if (!event) return false;
    this.#now = event.at;
    event.run();
    return true;
  }

  #push(event: Event): void {
    const events = this.#events;
    let place = events.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (isBefore(events[above] as Event, event)) break;
      events[place] = events[above] as Event;
      place = above;
    }
    events[place] = event;
  }

  #pop(): Event | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (last && events.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: Event): void {
    const events = this.#events;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= events.length) break;
      if (below + 1 < events.length && isBefore(events[below + 1] as Event, events[below] as Event)) below += 1;
      if (isBefore(event, events[below] as Event)) break;
      events[place] = events[below] as Event;
      place = below;
    }
    events[place] = event;
  }
}

const isBefore = (one: Event, other: Event): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
