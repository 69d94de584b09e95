import { isRetried, type Table } from "../../aws/table/table.ts";

/** A throttled erasure reaches its full rate again after this time. */
const RECOVERY_MILLISECONDS = 60_000;

/** Simultaneous writes report the same throttling, so the rate is halved once for all of them. */
const SAME_THROTTLING_MILLISECONDS = 1_000;

export interface WritePaceOptions {
  /** Write units a second, at most. */
  readonly unitsPerSecond: number;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Limits the write units that an erasure uses, so that the chat can still write. */
export class WritePace {
  readonly #options: WritePaceOptions;
  #nextAt = Number.NEGATIVE_INFINITY;
  #slowedAt = Number.NEGATIVE_INFINITY;
  #slowedRate: number;

  constructor(options: WritePaceOptions) {
    this.#options = options;
    this.#slowedRate = options.unitsPerSecond;
  }

  /** Write units a second at this time. Less than the limit for a minute after DynamoDB has throttled a write. */
  get rate(): number {
    const { unitsPerSecond, elapsed } = this.#options;
    const recovered = (unitsPerSecond * (elapsed() - this.#slowedAt)) / RECOVERY_MILLISECONDS;
    return Math.min(unitsPerSecond, this.#slowedRate + recovered);
  }

  /** Resolves when an item that costs these units can be erased. */
  async take(units: number): Promise<void> {
    const now = this.#options.elapsed();
    const at = Math.max(this.#nextAt, now);
    this.#nextAt = at + (units / this.rate) * 1_000;
    if (at > now) await this.#options.pause(at - now);
  }

  /** A table whose throttled writes halve the rate. The client has retried them, so they appear as retries. */
  watch(table: Table): Table {
    return {
      ...table,
      send: async (operation, input, options) => {
        const output = await table.send(operation, input, options);
        if (isRetried(output.$metadata)) this.#slowDown();
        return output;
      },
    };
  }

  #slowDown(): void {
    const now = this.#options.elapsed();
    if (now - this.#slowedAt < SAME_THROTTLING_MILLISECONDS) return;
    this.#slowedRate = Math.max(1, this.rate / 2);
    this.#slowedAt = now;
  }
}
