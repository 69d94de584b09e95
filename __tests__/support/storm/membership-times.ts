/** The position of an event in the storm. No two events have the same position. */
export type Tick = number;

export interface Span {
  readonly begun: Tick;
  readonly ended: Tick;
}

/** A membership period as its client sees it. Between a request and its answer, the client may or may not be a member. */
interface Period {
  readonly possibleFrom: Tick;
  certainFrom: Tick;
  certainUntil: Tick;
  possibleUntil: Tick;
}

const NEVER = Number.POSITIVE_INFINITY;

/** The result of a request to join or to leave. Undefined without an answer. */
export type Verdict = "in" | "out" | undefined;

/** The periods in which one client was a member of one channel. */
export class MembershipTimes {
  readonly #periods: Period[] = [];
  #pending = 0;
  #isAmbiguous = false;

  /** A request begins. The order of two concurrent requests is unknown. */
  begin(tick: Tick, requested: "in" | "out"): void {
    this.#pending += 1;
    this.#isAmbiguous ||= this.#pending > 1;
    const last = this.#periods.at(-1);
    if (last && (requested === "out" || this.#isAmbiguous)) last.certainUntil = Math.min(last.certainUntil, tick);
    if (requested === "in" && (!last || last.certainUntil < NEVER)) {
      if (last) last.possibleUntil = Math.min(last.possibleUntil, tick);
      this.#periods.push({ possibleFrom: tick, certainFrom: NEVER, certainUntil: NEVER, possibleUntil: NEVER });
    }
  }

  end(tick: Tick, verdict: Verdict): void {
    this.#pending -= 1;
    const last = this.#periods.at(-1);
    if (last && this.#isAmbiguous) last.certainUntil = Math.min(last.certainUntil, tick);
    if (last && !this.#isAmbiguous && verdict === "in") last.certainFrom = Math.min(last.certainFrom, tick);
    if (last && !this.#isAmbiguous && verdict === "out") last.possibleUntil = Math.min(last.possibleUntil, tick);
    if (this.#pending === 0) this.#isAmbiguous = false;
  }

  /** The client disconnects, so it may no longer be a member. */
  close(tick: Tick): void {
    const last = this.#periods.at(-1);
    if (last) last.certainUntil = Math.min(last.certainUntil, tick);
  }

  /** Whether the client was certainly a member for the whole span. */
  certainlyDuring({ begun, ended }: Span): boolean {
    return this.#periods.some(({ certainFrom, certainUntil }) => certainFrom <= begun && certainUntil >= ended);
  }

  /** Whether the client may have been a member at any moment of the span. */
  possiblyDuring({ begun, ended }: Span): boolean {
    return this.#periods.some(({ possibleFrom, possibleUntil }) => possibleFrom <= ended && possibleUntil >= begun);
  }
}
