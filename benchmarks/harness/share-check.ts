import { endChild, request, startChild } from "./child-process.ts";
import { limitCpu, shareOf } from "./cpu-share.ts";
import { median, repeat } from "./measurement.ts";

/** A check of `limitCpu` with a process that only computes. Milliseconds of wall-clock time, as medians. */
export interface ShareCheck {
  readonly megabytes: number;
  /** Lambda's share for this memory. */
  readonly share: number;
  readonly cpuMilliseconds: number;
  readonly withoutLimit: number;
  readonly withLimit: number;
}

interface ShareCheckOptions {
  readonly memorySizes: readonly number[];
  readonly cpuMilliseconds: number;
  readonly rounds: number;
}

/** Measures with and without the limit in turn, so that other load on this machine affects both. */
export async function checkShares(options: ShareCheckOptions): Promise<ShareCheck[]> {
  const { memorySizes, cpuMilliseconds, rounds } = options;
  const child = startChild(new URL("./busy-process.ts", import.meta.url));
  const measure = (): Promise<number> => request<number>(child, cpuMilliseconds);
  const checks: ShareCheck[] = [];
  try {
    await measure();
    for (const megabytes of memorySizes) {
      const share = shareOf(megabytes);
      const pairs = await repeat(rounds, async () => ({
        withoutLimit: await measure(),
        withLimit: await withShare(share),
      }));
      checks.push({
        megabytes,
        share,
        cpuMilliseconds,
        withoutLimit: median(pairs.map(({ withoutLimit }) => withoutLimit)),
        withLimit: median(pairs.map(({ withLimit }) => withLimit)),
      });
    }
  } finally {
    await endChild(child);
  }
  return checks;

  function withShare(share: number): Promise<number> {
    const endLimit = limitCpu(child, share);
    return measure().finally(endLimit);
  }
}
