import { connectionOf } from "./audience.ts";

/** When a message reached each connection, and how often. */
export class Deliveries {
  readonly sentAt: number;
  readonly #times: Float64Array;
  readonly #counts: Uint8Array;
  #missing: number;

  constructor(sentAt: number, audience: number) {
    this.sentAt = sentAt;
    this.#times = new Float64Array(audience);
    this.#counts = new Uint8Array(audience);
    this.#missing = audience;
  }

  hear(connectionId: string, now: number): void {
    const connection = connectionOf(connectionId);
    if (this.#counts[connection] === 0) {
      this.#times[connection] = now - this.sentAt;
      this.#missing -= 1;
    }
    this.#counts[connection] = Math.min((this.#counts[connection] ?? 0) + 1, 255);
  }

  isHeardByAll(): boolean {
    return this.#missing === 0;
  }

  /** How many connections were reached so many times. */
  reached(times: number): number {
    return this.#counts.reduce((sum, count) => sum + Number(count === times), 0);
  }

  /** How long it took to each connection that was reached, in milliseconds. */
  times(): Float64Array {
    return this.#times.filter((_, connection) => this.#counts[connection] !== 0);
  }
}

/** The value below which this share of the values is. Sorts them. */
export function quantile(values: Float64Array, share: number): number {
  values.sort();
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
