interface Event {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/** Time that passes only from one event to the next, in milliseconds. What happens at the same time happens in the order it was asked for. */
export class VirtualClock {
  #now = 0;
  #asked = 0;
  /** A binary heap: each event lies before the two at twice its place. */
  readonly #events: Event[] = [];

  readonly now = (): number => this.#now;

  /** Acts once that much time has gone by. */
  readonly after = (milliseconds: number, act: () => void): void => {
    this.#push({ at: this.#now + milliseconds, order: this.#asked, act });
    this.#asked += 1;
  };

  readonly pause = (milliseconds: number): Promise<void> => new Promise((resolve) => this.after(milliseconds, resolve));

  /** Lets time go by until nothing is left to happen. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          // Not a loop: all that awaits this event goes on, in microtasks, before the next one comes.
          if (this.#next()) setImmediate(step);
          else resolve();
        } catch (fault) {
          reject(fault);
        }
      };
      setImmediate(step);
    });
  }

  /** False when nothing is left to happen. */
  #next(): boolean {
    const event = this.#pop();
    if (!event) return false;
    this.#now = event.at;
    event.act();
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
