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

  record(connectionId: string, now: number): void {
    const connection = connectionOf(connectionId);
    if (this.#counts[connection] === 0) {
      this.#times[connection] = now - this.sentAt;
      this.#missing -= 1;
    }
    this.#counts[connection] = Math.min((this.#counts[connection] ?? 0) + 1, 255);
  }

  isComplete(): boolean {
    return this.#missing === 0;
  }

  /** The number of connections that received the message this many times. */
  connectionsThatReceived(times: number): number {
    return this.#counts.reduce((sum, count) => sum + Number(count === times), 0);
  }

  /** The delay of the first delivery to each connection that was reached, in milliseconds. */
  times(): Float64Array {
    return this.#times.filter((_, connection) => this.#counts[connection] !== 0);
  }
}

/** The value below which a share of the values lies. Sorts the values in place, because there can be a million. */
export function quantileOf(values: Float64Array, share: number): number {
  values.sort();
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
