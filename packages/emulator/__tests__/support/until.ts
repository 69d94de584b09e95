import { setImmediate } from "node:timers/promises";

/** Resolves when a condition holds. The time limit is that of the test. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}
