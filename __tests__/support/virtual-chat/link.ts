import type { VirtualClock } from "../../../benchmarks/simulation/clock.ts";

/** When the network lets anything through again, in milliseconds of the clock. */
export interface Halt {
  until: number;
}

export interface LinkOptions {
  readonly clock: VirtualClock;
  readonly halt: Halt;
  /** Draws the delay of one frame, in milliseconds. */
  readonly delay: () => number;
}

/** One direction of a TCP connection: frames are delayed, and arrive in the order in which they were sent, or not at all. */
export class Link {
  readonly #options: LinkOptions;
  readonly #queue: { readonly due: number; readonly deliver: () => void }[] = [];
  #isCut = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  send(deliver: () => void): void {
    if (this.#isCut) return;
    const { clock, delay } = this.#options;
    this.#queue.push({ due: clock.now() + delay(), deliver });
    if (this.#queue.length === 1) this.#wait();
  }

  /** Loses everything that is on its way, and everything that is sent from now on. */
  cut(): void {
    this.#isCut = true;
    this.#queue.length = 0;
  }

  #wait(): void {
    const { clock, halt } = this.#options;
    const [first] = this.#queue;
    if (first) clock.after(Math.max(0, Math.max(first.due, halt.until) - clock.now()), () => this.#deliver());
  }

  #deliver(): void {
    const { clock, halt } = this.#options;
    if (this.#isCut) return;
    // A halt can begin while a frame is on its way.
    if (halt.until <= clock.now()) this.#queue.shift()?.deliver();
    this.#wait();
  }
}
