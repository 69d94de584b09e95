import measured from "./units.json" with { type: "json" };

/** The capacity units that one frame consumes. */
export interface Units {
  readonly writes: number;
  readonly reads: number;
}

export interface MeasuredCase {
  readonly route: string;
  /** The name in the table of docs/costs.md. */
  readonly case?: string;
}

/** Returns the measured units. Other numbers of members are interpolated or extrapolated linearly. */
export function unitsOf({ route, case: name = "" }: MeasuredCase, members: number): Units {
  const cases = measured
    .filter((one) => one.route === route && one.case === name)
    .sort((a, b) => a.members - b.members);
  const [low, high] = around(cases, members);
  if (!low) throw new Error(`benchmarks/costs/units.json has no units of "${route}" ${name}.`);
  const share = high && high !== low ? (members - low.members) / (high.members - low.members) : 0;
  const at = (kind: keyof Units): number => low[kind] + share * ((high ?? low)[kind] - low[kind]);
  return { writes: at("writes"), reads: at("reads") };
}

function around<Case extends { readonly members: number }>(cases: readonly Case[], members: number) {
  const above = cases.findIndex((one) => one.members >= members);
  const high = above === -1 ? cases.length - 1 : above;
  return [cases[Math.max(0, high - 1)], cases[high]] as const;
}
