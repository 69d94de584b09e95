import type { Recipient } from "./delivery.ts";
import type { FanOutTask } from "./fan-out.ts";
import type { HandOver } from "./ports.ts";
import { sideBySide } from "./side-by-side.ts";

/**
 * The maximum number of recipients that a function holds and hands over. A task with this many recipients has less than
 * 160 KB; the limit of an asynchronous event is 1 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const RECIPIENTS_MAX = 500;

/**
 * How many times a part of a fan-out may be handed on. Lambda stops a function that invokes itself after about 16
 * invocations, and only a metric shows it. With this lower limit, the task goes to the queue of failed events with a
 * reason. A message to a million members takes 4; one that the quota slows down to three minutes takes 9.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const HOPS_MAX = 14;

/** So many at once that a channel of hundreds of shards is no burst of its own. */
const HAND_OVERS_AT_ONCE = 16;

export interface HandOverPorts {
  readonly handOver: HandOver;
}

/**
 * Hands the remaining tasks of another task to other functions. Tries all of them, and then throws if Lambda rejected one.
 */
export async function handOverAll(
  { handOver }: HandOverPorts,
  { from, tasks }: { readonly from: Pick<FanOutTask, "hops">; readonly tasks: readonly FanOutTask[] },
): Promise<void> {
  const hops = (from.hops ?? 0) + 1;
  if (hops > HOPS_MAX && tasks.length > 0) throw new TooManyHops();
  const faults: unknown[] = [];
  const handOverOne = (task: FanOutTask): Promise<void> =>
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

/** The same for these recipients alone, so many in each that an event has room for them. */
export function tasksFor(task: FanOutTask, recipients: readonly Recipient[]): FanOutTask[] {
  const tasks: FanOutTask[] = [];
  for (let at = 0; at < recipients.length; at += RECIPIENTS_MAX) {
    tasks.push({ ...task, recipients: recipients.slice(at, at + RECIPIENTS_MAX).map(recipientOf) });
  }
  return tasks;
}

const recipientOf = ({ id, connectedAt, protocol, expiresAt }: Recipient): Recipient => ({
  ...{ id, connectedAt, protocol },
  ...(expiresAt !== undefined && { expiresAt }),
});
