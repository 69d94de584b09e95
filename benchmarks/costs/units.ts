import measured from "./units.json" with { type: "json" };

/** What a route asks of the table, once. */
export interface Units {
  readonly writes: number;
  readonly reads: number;
}

export interface Doing {
  readonly route: string;
  /** As the table of docs/costs.md names it. */
  readonly case?: string;
}

/** What was measured of a route: between two numbers of members, and beyond them, in proportion. */
export function unitsOf({ route, case: particular = "" }: Doing, members: number): Units {
  const cases = measured
    .filter((one) => one.route === route && one.case === particular)
    .sort((a, b) => a.members - b.members);
  const [low, high] = around(cases, members);
  if (!low) throw new Error(`benchmarks/costs/units.json has no units of "${route}" ${particular}.`);
  const share = high && high !== low ? (members - low.members) / (high.members - low.members) : 0;
  const at = (kind: keyof Units): number => low[kind] + share * ((high ?? low)[kind] - low[kind]);
  return { writes: at("writes"), reads: at("reads") };
}

function around<Case extends { readonly members: number }>(cases: readonly Case[], members: number) {
  const above = cases.findIndex((one) => one.members >= members);
  const high = above === -1 ? cases.length - 1 : above;
  return [cases[Math.max(0, high - 1)], cases[high]] as const;
}
