import type { Latency } from "../../benchmarks/simulation/random.ts";

/** How many milliseconds something takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const latencyOf = (values: readonly number[]): Latency => ({
  median: median(values),
  p99: quantile(values, 0.99),
});

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
