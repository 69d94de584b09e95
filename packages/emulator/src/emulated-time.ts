/**
 * The time of an emulator and of its threads: the system time plus an offset, which `advance` increases. Threads share the
 * offset in memory.
 */
export class EmulatedTime {
  readonly buffer: SharedArrayBuffer;
  readonly #moved: BigInt64Array;

  constructor(buffer = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#moved = new BigInt64Array(buffer);
  }

  /** Epoch milliseconds. */
  readonly now = (): number => Date.now() + this.movedBy();

  /** Milliseconds ahead of the system time. */
  readonly movedBy = (): number => Number(Atomics.load(this.#moved, 0));

  /** Throws if the time would not move forward by whole milliseconds. */
  advance(milliseconds: number): void {
    if (!Number.isSafeInteger(milliseconds) || milliseconds <= 0) {
      throw new Error(
        `The time cannot be advanced by ${milliseconds}; pass a positive whole number of milliseconds, such as 3600000 for an hour.`,
      );
    }
    Atomics.add(this.#moved, 0, BigInt(milliseconds));
  }
}
