/** Milliseconds of a clock that all processes of this machine share. Only differences are meaningful. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/** How many milliseconds an action takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/** Runs an action repeatedly, one run after the other. */
export async function repeat<Result>(count: number, act: (run: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let run = 0; run < count; run += 1) results.push(await act(run));
  return results;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
