import type { Now } from "../../chat/ports.ts";

/** An eventually consistent read of DynamoDB usually shows a write within a second. */
const LAG_MILLISECONDS_MAX = 3_000;

const WRITES_MAX = 16;

interface Write<Key, Value> {
  readonly key: Key;
  /** Undefined if the key was new. */
  readonly before: Value | undefined;
  readonly at: number;
}

/** The number of latest writes that an eventually consistent read does not show. It can increase between two reads. */
export type Lag = () => number;

/** A map with a second replica, for reads that lag behind the writes. */
export class LaggingMap<Key, Value> extends Map<Key, Value> {
  readonly #writes: Write<Key, Value>[] = [];
  readonly #now: Now;
  readonly #lag: Lag;

  constructor(now: Now, lag: Lag) {
    super();
    this.#now = now;
    this.#lag = lag;
  }

  override set(key: Key, value: Value): this {
    this.#record(key);
    return super.set(key, value);
  }

  override delete(key: Key): boolean {
    this.#record(key);
    return super.delete(key);
  }

  /** An eventually consistent read. */
  stale(): ReadonlyMap<Key, Value> {
    const count = this.#lag();
    if (count === 0) return this;
    const replica = new Map(this);
    for (const { key, before, at } of this.#writes.slice(-count).reverse()) {
      if (this.#now() - at > LAG_MILLISECONDS_MAX) break;
      if (before === undefined) replica.delete(key);
      else replica.set(key, before);
    }
    return replica;
  }

  #record(key: Key): void {
    this.#writes.push({ key, before: this.get(key), at: this.#now() });
    if (this.#writes.length > WRITES_MAX) this.#writes.shift();
  }
}
