import { contradictionsOfHistory, misordered } from "./order.ts";
import { type Heard, type Hearing, type Said, Stays, type Tick, type Verdict } from "./stays.ts";

/**
 * The model that a storm is held against: what every client was told, in plain lists. It knows nothing of tables,
 * pushes and functions.
 */
export class Chronicle {
  readonly #said = new Map<string, Said>();
  readonly #hearings: Hearing[] = [];
  readonly #histories = new Map<string, readonly Heard[]>();
  #tick = 0;

  open(name: string): Hearing {
    const hearing = { name, heard: [], stays: new Map() };
    this.#hearings.push(hearing);
    return hearing;
  }

  /** A request to come into a channel, or to leave it. Gives what to do with its answer. */
  move(hearing: Hearing, { channel, wish }: { readonly channel: string; readonly wish: "in" | "out" }) {
    const stays = hearing.stays.get(channel) ?? new Stays();
    hearing.stays.set(channel, stays);
    stays.begin(this.#next(), wish);
    return (verdict: Verdict): void => stays.end(this.#next(), verdict);
  }

  hangUp(hearing: Hearing): void {
    const tick = this.#next();
    for (const stays of hearing.stays.values()) stays.hangUp(tick);
  }

  /** Gives what to do with the answer: the id that was acknowledged, or that it was refused. */
  say(speaker: Hearing, { channel, times }: Pick<Said, "channel" | "times">) {
    const said: Said = {
      speaker,
      channel,
      times,
      data: `${speaker.name} ${this.#said.size}`,
      fate: "unanswered",
      begun: this.#next(),
      ended: Number.POSITIVE_INFINITY,
    };
    this.#said.set(said.data, said);
    const settle = (fate: Said["fate"], id?: string): void => {
      Object.assign(said, { fate, ended: this.#next(), ...(id !== undefined && { id }) });
    };
    return { data: said.data, settle };
  }

  keep(channel: string, history: readonly Heard[]): void {
    this.#histories.set(channel, history);
  }

  /** Where what was heard and kept is not what was said, in sentences. None: nothing was lost, leaked or misordered. */
  contradictions(): string[] {
    const all = [...this.#said.values()];
    return [
      ...this.#hearings.flatMap((hearing) => [
        ...hearing.heard.flatMap((heard) => this.#wrongToHear(hearing, heard)),
        ...misordered(hearing.heard.flatMap(({ data }) => this.#said.get(data) ?? [])).map(
          (pair) => `${hearing.name} heard ${pair}`,
        ),
      ]),
      ...all.flatMap((said) => [...wronglySettled(said), ...this.#missing(said)]),
      ...[...this.#histories].flatMap(([channel, history]) =>
        contradictionsOfHistory(
          history,
          all.filter((said) => said.channel === channel),
        ).map((sentence) => `In the history of ${channel}, ${sentence}`),
      ),
    ];
  }

  /** Leaks, and what nobody said. */
  #wrongToHear({ name, heard: all, stays }: Hearing, heard: Heard): string[] {
    const said = this.#said.get(heard.data);
    if (!said) return [`${name} heard "${heard.data}", which nobody said`];
    const wrong: string[] = [];
    if (said.fate === "refused") wrong.push("which was refused");
    if (!stays.get(said.channel)?.atAnyMoment(said)) wrong.push(`without having been in ${said.channel}`);
    if (all.filter(({ data }) => data === said.data).length > said.times) wrong.push("too often");
    if (heard.channel !== undefined && heard.channel !== said.channel) wrong.push(`as if said in ${heard.channel}`);
    if (heard.id !== undefined && said.id !== undefined && heard.id !== said.id) wrong.push("with another id");
    return wrong.map((how) => `${name} heard "${said.data}" ${how}`);
  }

  #missing(said: Said): string[] {
    if (said.fate !== "said") return [];
    return this.#hearings
      .filter(({ stays }) => stays.get(said.channel)?.throughout(said))
      .filter(({ heard }) => !heard.some(({ data }) => data === said.data))
      .map(({ name }) => `${name} was in ${said.channel} and did not hear "${said.data}"`);
  }

  #next(): Tick {
    this.#tick += 1;
    return this.#tick;
  }
}

/** Members may speak, and others may not. */
function wronglySettled(said: Said): string[] {
  const { speaker, channel, data, fate } = said;
  const stays = speaker.stays.get(channel);
  if (fate === "said" && !stays?.atAnyMoment(said))
    return [`${speaker.name} said "${data}" without having been in ${channel}`];
  if (fate === "refused" && stays?.throughout(said))
    return [`${speaker.name} was in ${channel} and could not say "${data}"`];
  return [];
}
