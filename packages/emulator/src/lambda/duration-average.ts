/**
 * The weights of an event in the average duration. No event counts for more than a millisecond. The first events, before
 * the code is compiled, are slower, so shorter ones count more.
 */
const LONGER_WEIGHT = 0.2;
const SHORTER_WEIGHT = 0.5;
const COUNTED_MILLISECONDS_MAX = 1;

/** The average duration of a handler. It follows changes within a few events. */
export class DurationAverage {
  #milliseconds = Number.POSITIVE_INFINITY;

  /** Infinite before the first event. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  add(milliseconds: number): void {
    const counted = Math.min(milliseconds, COUNTED_MILLISECONDS_MAX);
    const previous = Math.min(this.#milliseconds, COUNTED_MILLISECONDS_MAX);
    this.#milliseconds = previous + (counted - previous) * (counted < previous ? SHORTER_WEIGHT : LONGER_WEIGHT);
  }
}
