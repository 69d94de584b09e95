/**
 * Values that differ between two runs of the same session: ids of connections and requests, ULIDs and UUIDs, and times in
 * ISO 8601 or in epoch milliseconds since 2001. `own` is another pattern for ids.
 */
const varyingPattern = (own: RegExp | undefined): RegExp =>
  new RegExp(
    [
      String.raw`(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)|1\d{12})`,
      String.raw`(?<uuid>[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})`,
      "(?<ulid>[0-7][0-9A-HJKMNP-TV-Z]{25})",
      String.raw`(?<id>[\w-]{15}=)`,
      ...(own ? [`(?<own>${own.source})`] : []),
    ]
      .map((pattern) => String.raw`(?<![\w-])${pattern}(?![\w-])`)
      .join("|"),
    "g",
  );

interface Varying {
  readonly kind: string;
  readonly value: string;
}

const kindOf = (groups: Readonly<Record<string, string | undefined>>): string =>
  Object.keys(groups).find((kind) => groups[kind] !== undefined) ?? "";

/**
 * Compares the frames of a recording with those of its replay. An id matches any id of its kind at its first appearance,
 * and only that one later. A time matches any time.
 */
export class FrameMatch {
  readonly #varying: RegExp;
  /** The ids of the replay, by those of the recording. */
  readonly #ids = new Map<string, string>();
  readonly #labels = new Map<string, string>();

  constructor(ids?: RegExp) {
    this.#varying = varyingPattern(ids);
  }

  /** Whether the frames match. Remembers the ids of the replay if they do. */
  matches(recorded: string, received: string): boolean {
    const pairs = this.#pairs(recorded, received);
    if (!pairs) return false;
    for (const [id, other] of pairs) this.#ids.set(id, other);
    return true;
  }

  /** Whether the frames could match, now or after further ids are known. */
  couldMatch(recorded: string, received: string): boolean {
    return this.#pairs(recorded, received) !== undefined;
  }

  /** Replaces the ids of the recording by those of the replay, in a frame to send. */
  translate(recorded: string): string {
    return recorded.replaceAll(this.#varying, (value) => this.#ids.get(value) ?? value);
  }

  /** A frame of the recording, with placeholders such as `<ulid 1>`, for a diff. */
  describeRecorded(text: string): string {
    return this.#describe(text, (value) => value);
  }

  /** A frame of the replay. An id that has no counterpart in the recording stays as it is. */
  describeReceived(text: string): string {
    const recorded = new Map([...this.#ids].map(([id, other]) => [other, id]));
    return this.#describe(text, (value) => recorded.get(value));
  }

  #describe(text: string, recordedOf: (value: string) => string | undefined): string {
    return text.replaceAll(this.#varying, (value, ...rest) => {
      const kind = kindOf(rest.at(-1));
      if (kind === "time") return "<time>";
      const recorded = recordedOf(value);
      return recorded === undefined ? value : this.#label(kind, recorded);
    });
  }

  #label(kind: string, recorded: string): string {
    const known = this.#labels.get(recorded);
    if (known !== undefined) return known;
    const sameKind = [...this.#labels.values()].filter((label) => label.startsWith(`<${kind} `));
    const label = `<${kind} ${sameKind.length + 1}>`;
    this.#labels.set(recorded, label);
    return label;
  }

  /** The ids at the same positions; undefined if the frames differ. */
  #pairs(recorded: string, received: string): [string, string][] | undefined {
    const [before, after] = [recorded, received].map((text) =>
      text.replaceAll(this.#varying, (_, ...rest) => `<${kindOf(rest.at(-1))}>`),
    );
    if (before !== after) return undefined;
    const others = this.#varyingIn(received);
    const pairs = this.#varyingIn(recorded)
      .map(({ kind, value }, index) => ({ kind, pair: [value, others[index]?.value ?? ""] as [string, string] }))
      .filter(({ kind }) => kind !== "time")
      .map(({ pair }) => pair);
    return pairs.every((pair) => this.#isConsistent(pair, pairs)) ? pairs : undefined;
  }

  #varyingIn(text: string): Varying[] {
    return [...text.matchAll(this.#varying)].map(({ 0: value, groups = {} }) => ({ value, kind: kindOf(groups) }));
  }

  #isConsistent([id, other]: [string, string], pairs: readonly [string, string][]): boolean {
    const known = this.#ids.get(id);
    if (known !== undefined) return known === other;
    const taken = [...this.#ids.values()].includes(other);
    return !taken && pairs.every((pair) => (pair[0] === id) === (pair[1] === other));
  }
}
