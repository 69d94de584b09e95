import type { Connected } from "./connection.ts";
import { type Delivery, deliver, note, type Recipient } from "./delivery.ts";
import type { FanOutTask } from "./fan-out.ts";
import { formsOf } from "./frames.ts";
import { type HandOverPorts, handOverAll, RECIPIENTS_MAX, tasksFor } from "./hand-over.ts";
import { type PresencePorts, removeGone } from "./presence.ts";

/** Time that is left for the pushes under way, of eight seconds each at most, and to hand over the rest. */
const MARGIN_MILLISECONDS = 10_000;

/** A function that fails so many gets no better by reading on. */
const WAITING_MAX = 2 * RECIPIENTS_MAX;

/** One function's part of a fan-out. */
export interface Leg {
  readonly task: FanOutTask;
  /** Both in epoch milliseconds. */
  readonly startedAt: number;
  readonly stopAt: number;
  readonly delivery: Delivery;
  /** Those to try again. */
  readonly waiting: Recipient[];
  /** Those that this function has removed. */
  readonly departed: Connected[];
}

/** `deadline`: when the function will be ended, in epoch milliseconds. */
export function legOf(
  ports: PresencePorts,
  { task, deadline }: { readonly task: FanOutTask; readonly deadline: number },
): Leg {
  const stopAt = deadline - MARGIN_MILLISECONDS;
  const delivery = deliver(ports, { forms: formsOf(task.frame), deadline: stopAt });
  return { task, startedAt: ports.now(), stopAt, delivery, waiting: [], departed: [] };
}

/** Whether the function should take on nobody else. */
export const isOver = ({ now }: PresencePorts, { stopAt, waiting }: Leg): boolean =>
  now() >= stopAt || waiting.length >= WAITING_MAX;

export async function pushTo(ports: PresencePorts, leg: Leg, recipients: readonly Recipient[]): Promise<void> {
  const { gone, undelivered } = await leg.delivery.push(recipients);
  leg.waiting.push(...undelivered);
  await bury(ports, leg, gone);
}

/** Leaves recipients to another function. Where none takes them, this one tries them with those that it did not reach. */
export async function leaveTo(ports: HandOverPorts, leg: Leg, recipients: readonly Recipient[]): Promise<void> {
  try {
    await handOverAll(ports, { from: leg.task, tasks: tasksFor(leg.task, recipients) });
  } catch (fault) {
    note(leg.delivery.tally, fault);
    leg.waiting.push(...recipients);
  }
}

/** Tries again, and makes tasks for the rest. */
export async function insist(ports: PresencePorts, leg: Leg): Promise<FanOutTask[]> {
  const { gone, undelivered } = await leg.delivery.retry(leg.waiting);
  ports.count("FanOutTime", ports.now() - leg.startedAt);
  await bury(ports, leg, gone);
  return tasksFor(leg.task, undelivered);
}

/** Whoever meets somebody who is gone cleans up. Where that fails, the next fan-out meets them again. */
async function bury(
  ports: PresencePorts,
  { delivery, task, departed }: Leg,
  gone: readonly Recipient[],
): Promise<void> {
  try {
    const removed = await removeGone(ports, task.shard, gone);
    // No function has time for the farewells of more.
    departed.push(...removed.slice(0, RECIPIENTS_MAX - departed.length));
  } catch (fault) {
    note(delivery.tally, fault);
  }
}
