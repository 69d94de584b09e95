/*
 * An environment gets events before it can run them, so that its thread does not wait for the next one. This memory, which
 * both threads share, decides exactly once whether the thread has started an event or the emulator has taken it back.
 */

/** More than an environment can have events that it has not seen. */
const SLOTS = 256;

const ASSIGNED = 0;
const STARTED = 1;
const FINISHED = 2;
const REVOKED = 3;

/** The functions are copied, because the code of a function can replace those of the global object. */
const { compareExchange, load, store } = Atomics;

export class EventClaims {
  readonly buffer: SharedArrayBuffer;
  readonly #states: Int32Array;

  constructor(buffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#states = new Int32Array(buffer);
  }

  /** The emulator: announces an event. */
  assign(sequence: number): void {
    store(this.#states, sequence % SLOTS, ASSIGNED);
  }

  /** The thread: whether it may start the event. */
  start(sequence: number): boolean {
    return this.#change(sequence, ASSIGNED, STARTED);
  }

  /** The thread: whether it may send the result of the event. */
  finish(sequence: number): boolean {
    return this.#change(sequence, STARTED, FINISHED);
  }

  /** The emulator: takes back an event that the thread has not started. */
  revoke(sequence: number): boolean {
    return this.#change(sequence, ASSIGNED, REVOKED);
  }

  /** The emulator: refuses the result of an event, unless the thread has sent it. */
  cancel(sequence: number): boolean {
    return this.revoke(sequence) || this.#change(sequence, STARTED, REVOKED);
  }

  isAssigned(sequence: number): boolean {
    return load(this.#states, sequence % SLOTS) === ASSIGNED;
  }

  #change(sequence: number, from: number, to: number): boolean {
    return compareExchange(this.#states, sequence % SLOTS, from, to) === from;
  }
}
