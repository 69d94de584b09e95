import { setImmediate as settled } from "node:timers/promises";

interface Pause {
  readonly endsAt: number;
  readonly end: () => void;
}

/** Virtual time, which passes while everything waits. Pauses end in the order of their times, and take no real time. */
export class VirtualTime {
  #now: number;
  #pauses: Pause[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  /** Epoch milliseconds. */
  readonly now = (): number => this.#now;

  pause(milliseconds: number): Promise<void> {
    return new Promise((end) => void this.#pauses.push({ endsAt: this.#now + milliseconds, end }));
  }

  /** Lets time pass until the work is done. Throws if the work can never end. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    for (;;) {
      await settled();
      if (isDone) return done;
      this.#pass();
    }
  }

  #pass(): void {
    const next = this.#pauses.reduce<Pause | undefined>(
      (first, pause) => (first && first.endsAt <= pause.endsAt ? first : pause),
      undefined,
    );
    if (!next) throw new Error("The work waits, and no pause is pending.");
    this.#pauses = this.#pauses.filter((pause) => pause !== next);
    this.#now = Math.max(this.#now, next.endsAt);
    next.end();
  }
}
