/** A moment of a storm: the storm's own count of what happened, so that of two events one is always the first. */
export type Tick = number;

/** From when until when. */
export interface Span {
  readonly begun: Tick;
  readonly ended: Tick;
}

/** A time in a channel, as its client knows it: from its request to the answer nobody can say where the edge is. */
interface Stay {
  readonly mayFrom: Tick;
  surelyFrom: Tick;
  surelyUntil: Tick;
  mayUntil: Tick;
}

const NEVER = Number.POSITIVE_INFINITY;

/** What becomes of a request to join or to leave: `undefined` where its answer never came. */
export type Verdict = "in" | "out" | undefined;

/** When one client was in one channel. */
export class Stays {
  readonly #stays: Stay[] = [];
  #underWay = 0;
  #isTangled = false;

  /** A request goes out. Of two that are under way at once nobody knows which one comes first. */
  begin(tick: Tick, wish: "in" | "out"): void {
    this.#underWay += 1;
    this.#isTangled ||= this.#underWay > 1;
    const last = this.#stays.at(-1);
    if (last && (wish === "out" || this.#isTangled)) last.surelyUntil = Math.min(last.surelyUntil, tick);
    if (wish === "in" && (!last || last.surelyUntil < NEVER)) {
      if (last) last.mayUntil = Math.min(last.mayUntil, tick);
      this.#stays.push({ mayFrom: tick, surelyFrom: NEVER, surelyUntil: NEVER, mayUntil: NEVER });
    }
  }

  end(tick: Tick, verdict: Verdict): void {
    this.#underWay -= 1;
    const last = this.#stays.at(-1);
    if (last && this.#isTangled) last.surelyUntil = Math.min(last.surelyUntil, tick);
    if (last && !this.#isTangled && verdict === "in") last.surelyFrom = Math.min(last.surelyFrom, tick);
    if (last && !this.#isTangled && verdict === "out") last.mayUntil = Math.min(last.mayUntil, tick);
    if (this.#underWay === 0) this.#isTangled = false;
  }

  /** The client is there no longer, and sure of nothing. */
  hangUp(tick: Tick): void {
    const last = this.#stays.at(-1);
    if (last) last.surelyUntil = Math.min(last.surelyUntil, tick);
  }

  /** Whether it was in the channel all that time, for sure. */
  throughout({ begun, ended }: Span): boolean {
    return this.#stays.some(({ surelyFrom, surelyUntil }) => surelyFrom <= begun && surelyUntil >= ended);
  }

  /** Whether there is a moment of that time at which it may have been in the channel. */
  atAnyMoment({ begun, ended }: Span): boolean {
    return this.#stays.some(({ mayFrom, mayUntil }) => mayFrom <= ended && mayUntil >= begun);
  }
}

/** Something said in a channel. `data` is like no other's. */
export interface Said extends Span {
  readonly speaker: Hearing;
  readonly channel: string;
  readonly data: string;
  /** How often it was sent under one `id`. */
  readonly times: number;
  /** `refused`: the chat answered that the sender is not a member. `unanswered`: the sender disconnected first. */
  fate: "said" | "refused" | "unanswered";
  ended: Tick;
  /** Given by the acknowledgement. */
  id?: string;
}

export interface Heard {
  readonly data: string;
  /** Only clients of chat.v1 are told. */
  readonly channel?: string;
  readonly id?: string;
}

/** One connection of one person, from its handshake on. */
export interface Hearing {
  readonly name: string;
  readonly heard: Heard[];
  readonly stays: Map<string, Stays>;
}
