/** Events without an environment: first in, first out. Removing the first element of a long array would take linear time. */
export class WaitingRuns<Run> {
  #first: WaitingRun<Run> | undefined;
  #last: WaitingRun<Run> | undefined;
  count = 0;

  push(run: Run): void {
    const added: WaitingRun<Run> = { run };
    if (this.#last) this.#last.next = added;
    else this.#first = added;
    this.#last = added;
    this.count += 1;
  }

  shift(): Run | undefined {
    const first = this.#first;
    if (!first) return undefined;
    this.#first = first.next;
    if (!this.#first) this.#last = undefined;
    this.count -= 1;
    return first.run;
  }

  /** Inserts runs at the front, in their order. */
  putBack(runs: readonly Run[]): void {
    for (const run of runs.toReversed()) {
      this.#first = { run, next: this.#first };
      this.#last ??= this.#first;
      this.count += 1;
    }
  }
}

interface WaitingRun<Run> {
  readonly run: Run;
  next?: WaitingRun<Run> | undefined;
}
