import type { PushOutcome } from "../ports.ts";

/** One function can process about this many pushes at once: at ten milliseconds a push, more would wait for its CPU. */
const PUSHES_AT_START = 32;
const PUSHES_MAX = 128;

/** One push, and then a pause fifteen times as long: a thousand functions then stay within the quota of an account. */
const PUSHES_MIN = 1 / 16;

/** About as long as a push takes. */
const PUSH_MILLISECONDS = 10;

/** The number of latest outcomes that decide whether throttling is widespread. */
const OUTCOMES_KEPT = 32;

/** API Gateway also returns 429 if the buffer of one client is full, so one or two connections say nothing of the quota. */
const THROTTLED_CONNECTIONS_MIN = 3;

/** A push that has ended. Both times are in epoch milliseconds. */
export interface PushEnd {
  readonly id: string;
  readonly startedAt: number;
  readonly now: number;
}

/** How many pushes may be in progress at once. */
export interface PushWindow {
  /** At least one. */
  readonly size: () => number;
  /** The pause between two pushes, in milliseconds, if one at a time is still too many. */
  readonly restMilliseconds: () => number;
  /** Whether the latest pushes to several connections were throttled, so that the account's quota is the likely cause. */
  readonly isThrottled: () => boolean;
  /** Adjusts the window to the outcome of a push. */
  adapt(outcome: PushOutcome, push: PushEnd): void;
}

/**
 * Grows by one push with each window that is delivered, and halves when API Gateway throttles several connections. Its
 * quota is shared by all functions of the account, and this is how they share it (AIMD, as in TCP). Hundreds of functions
 * with one push each are still too many, so the window can go below one: the function then pauses between pushes.
 */
export function pushWindow(): PushWindow {
  let size = PUSHES_AT_START;
  let halvedAt = Number.NEGATIVE_INFINITY;
  /** The connection of each throttled push, and nothing for any other push. */
  const latest: (string | undefined)[] = [];
  const isThrottled = (): boolean => new Set(latest.filter(Boolean)).size >= THROTTLED_CONNECTIONS_MIN;
  return {
    size: () => Math.max(1, Math.floor(size)),
    restMilliseconds: () => (size < 1 ? PUSH_MILLISECONDS * (1 / size - 1) : 0),
    isThrottled,
    adapt(outcome, { id, startedAt, now }) {
      latest.push(outcome === "throttled" ? id : undefined);
      if (latest.length > OUTCOMES_KEPT) latest.shift();
      if (outcome === "delivered") size = Math.min(size + Math.min(1 / size, size / 4), PUSHES_MAX);
      // The pushes that were in progress when it halved were too many together: they count once.
      if (outcome !== "throttled" || startedAt <= halvedAt || !isThrottled()) return;
      size = Math.max(size / 2, PUSHES_MIN);
      halvedAt = now;
    },
  };
}
