import type { PushOutcome } from "./ports.ts";

/** As many as one Lambda keeps busy: at ten milliseconds a push, more would wait for its CPU. */
const PUSHES_AT_START = 32;
const PUSHES_MAX = 128;

/** How many pushes may be under way at once. */
export interface PushWindow {
  readonly size: () => number;
  /** Learns from a push that began at this time, in epoch milliseconds, and is over now. */
  adapt(outcome: PushOutcome, times: { readonly startedAt: number; readonly now: number }): void;
}

/**
 * Grows by one push with each window that is delivered, and halves when API Gateway throttles: its quota is one for all
 * functions of the account, and this is how they come to share it (AIMD, as TCP shares a line).
 */
export function pushWindow(): PushWindow {
  let size = PUSHES_AT_START;
  let halvedAt = Number.NEGATIVE_INFINITY;
  return {
    size: () => Math.floor(size),
    adapt(outcome, { startedAt, now }) {
      if (outcome === "delivered") size = Math.min(size + 1 / size, PUSHES_MAX);
      // All that were under way when it halved were too many together: they count once.
      if (outcome !== "throttled" || startedAt <= halvedAt) return;
      size = Math.max(size / 2, 1);
      halvedAt = now;
    },
  };
}
