import type { PushOutcome } from "./ports.ts";

/** As many as one Lambda keeps busy: at ten milliseconds a push, more would wait for its CPU. */
const PUSHES_AT_START = 32;
const PUSHES_MAX = 128;

/** One push, and fifteen times as long nothing: a thousand functions are then within the quota of an account. */
const PUSHES_MIN = 1 / 16;

/** About as long as a push takes. */
const PUSH_MILLISECONDS = 10;

/** How many pushes may be under way at once. */
export interface PushWindow {
  /** One at least. */
  readonly size: () => number;
  /** How many milliseconds go by between two pushes, where one at once is too many. */
  readonly restMilliseconds: () => number;
  /** Learns from a push that began at this time, in epoch milliseconds, and is over now. */
  adapt(outcome: PushOutcome, times: { readonly startedAt: number; readonly now: number }): void;
}

/**
 * Grows by one push with each window that is delivered, and halves when API Gateway throttles: its quota is one for all
 * functions of the account, and this is how they come to share it (AIMD, as TCP shares a line). Hundreds of functions with
 * one push each are still too many, so the window goes below one: its place then stays empty for a while.
 */
export function pushWindow(): PushWindow {
  let size = PUSHES_AT_START;
  let halvedAt = Number.NEGATIVE_INFINITY;
  return {
    size: () => Math.max(1, Math.floor(size)),
    restMilliseconds: () => (size < 1 ? PUSH_MILLISECONDS * (1 / size - 1) : 0),
    adapt(outcome, { startedAt, now }) {
      if (outcome === "delivered") size = Math.min(size + Math.min(1 / size, size / 4), PUSHES_MAX);
      // All that were under way when it halved were too many together: they count once.
      if (outcome !== "throttled" || startedAt <= halvedAt) return;
      size = Math.max(size / 2, PUSHES_MIN);
      halvedAt = now;
    },
  };
}
