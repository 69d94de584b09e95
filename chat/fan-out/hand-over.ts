import type { HandOver } from "../ports.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Task } from "./tasks.ts";

/**
 * How many times a part of a fan-out may be handed on. Lambda stops a function that invokes itself after about 16
 * invocations, and only a metric shows it. With this lower limit, the task goes to the queue of failed events with a
 * reason. A message to a million members takes 4; one that the quota slows down to three minutes takes 9.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const HOPS_MAX = 14;

/** Limits the burst of requests for a channel of hundreds of shards. */
const HAND_OVERS_AT_ONCE = 16;

export interface HandOverPorts {
  readonly handOver: HandOver;
}

/**
 * Hands the remaining tasks of another task to other functions. Tries all of them, and then throws if Lambda rejected one.
 */
export async function handOverAll(
  { handOver }: HandOverPorts,
  { from, tasks }: { readonly from: Pick<Task, "hops">; readonly tasks: readonly Task[] },
): Promise<void> {
  const hops = (from.hops ?? 0) + 1;
  if (hops > HOPS_MAX && tasks.length > 0) throw new TooManyHops();
  const faults: unknown[] = [];
  const handOverOne = (task: Task): Promise<void> =>
    handOver({ ...task, hops }).catch((fault) => void faults.push(fault));
  await sideBySide(tasks, handOverOne, () => HAND_OVERS_AT_ONCE);
  if (faults.length > 0) throw faults[0];
}

/** Lambda retries the task, and then sends it to the queue of failed events. */
export class TooManyHops extends Error {
  constructor() {
    super(
      `The fan-out was handed on ${HOPS_MAX} times, which is the limit. Its remaining recipients did not get the frame`,
    );
    this.name = "TooManyHops";
  }
}
