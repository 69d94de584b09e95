import type { EmulatorEvent } from "./events.ts";

/** An event, with its position and time. */
export interface HistoryEntry {
  /** Ascending. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event: EmulatorEvent;
}

/** The most events that the history keeps. */
const EVENTS_MAX = 2_000;

/** The most text that the history keeps, in characters. Applies to frames, pushes and log lines. */
const CHARACTERS_MAX = 8_388_608;

/** The newest events of an emulator. It forgets the oldest ones when it exceeds a limit. */
export class History {
  readonly #now: () => number;
  readonly #listeners = new Set<(entry: HistoryEntry) => void>();
  #entries: HistoryEntry[] = [];
  #number = 0;
  #characters = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  readonly observe = (event: EmulatorEvent): void => {
    this.#number += 1;
    const entry = { number: this.#number, at: this.#now(), event };
    this.#entries.push(entry);
    this.#characters += charactersIn(event);
    while (this.#entries.length > EVENTS_MAX || this.#characters > CHARACTERS_MAX) {
      const oldest = this.#entries.shift() as HistoryEntry;
      this.#characters -= charactersIn(oldest.event);
    }
    for (const listener of this.#listeners) listener(entry);
  };

  /** Passes all later events to a listener. Returns the function that ends this. */
  subscribe(listener: (entry: HistoryEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#entries = [];
    this.#characters = 0;
  }
}

/** An object that a function logs counts as nothing, because its length is unknown without serializing it. */
function charactersIn(event: EmulatorEvent): number {
  if (event.kind === "logged") return typeof event.message === "string" ? event.message.length : 0;
  if (event.kind === "queued") return event.body.length;
  return "text" in event ? (event.text?.length ?? 0) : 0;
}
