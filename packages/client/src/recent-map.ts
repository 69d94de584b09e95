/** Maps the ids of messages to their changes, and keeps only the latest entries. */
export class RecentMap<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  get(id: string): Value | undefined {
    return this.#entries.get(id);
  }

  set(id: string, value: Value): void {
    // A Map keeps the place of an entry that is set again.
    this.#entries.delete(id);
    this.#entries.set(id, value);
    for (const oldest of this.#entries.keys()) if (this.#entries.size > this.#size) this.#entries.delete(oldest);
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }
}
