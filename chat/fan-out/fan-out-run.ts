import type { Connected, Recipient } from "../connection.ts";
import { type PresencePorts, removeGone } from "../presence/presence.ts";
import { formsOf } from "../protocol/frames.ts";
import { type CloseStalled, type Delivery, deliver, note } from "./delivery.ts";
import { type HandOverPorts, handOverAll } from "./hand-over.ts";
import { type FanOutTask, RECIPIENTS_MAX, tasksFor } from "./tasks.ts";

/** Time for the pushes in progress, of eight seconds each at most, and for handing over the rest. */
export const MARGIN_MILLISECONDS = 10_000;

/** A function with this many undelivered recipients reads no further. */
const WAITING_MAX = 2 * RECIPIENTS_MAX;

/** One function's part of a fan-out. */
export interface Run {
  readonly task: FanOutTask;
  /** Both in epoch milliseconds. */
  readonly startedAt: number;
  readonly stopAt: number;
  readonly delivery: Delivery;
  /** Recipients that were not reached yet. */
  readonly waiting: Recipient[];
  /** Connections that this function has removed. */
  readonly departed: Connected[];
}

/** `deadline`: when Lambda ends the function, in epoch milliseconds. */
export function startRun(
  ports: PresencePorts,
  { task, deadline }: { readonly task: FanOutTask; readonly deadline: number },
): Run {
  const stopAt = deadline - MARGIN_MILLISECONDS;
  const delivery = deliver(ports, { forms: formsOf(task.frame), deadline: stopAt });
  return { task, startedAt: ports.now(), stopAt, delivery, waiting: [], departed: [] };
}

/** Whether the function should push to no further recipients. */
export const isOver = ({ now }: PresencePorts, { stopAt, waiting }: Run): boolean =>
  now() >= stopAt || waiting.length >= WAITING_MAX;

/** Pushes once to each recipient. */
export async function pushTo(ports: PresencePorts, run: Run, recipients: readonly Recipient[]): Promise<void> {
  const { gone, undelivered } = await run.delivery.push(recipients);
  run.waiting.push(...undelivered);
  await removeFrom(ports, run, gone);
}

/** Hands recipients over to another function. If Lambda rejects that, this function retries them. */
export async function leaveTo(ports: HandOverPorts, run: Run, recipients: readonly Recipient[]): Promise<void> {
  try {
    await handOverAll(ports, { from: run.task, tasks: tasksFor(run.task, recipients) });
    run.delivery.tally.handedOver += recipients.length;
  } catch (fault) {
    note(run.delivery.tally, fault);
    run.waiting.push(...recipients);
  }
}

/** Retries the recipients that were not reached. Returns tasks for those that no retry reached. */
export async function retryUndelivered(
  ports: PresencePorts,
  run: Run,
  closeStalled?: CloseStalled,
): Promise<FanOutTask[]> {
  const { gone, undelivered } = await run.delivery.retry(run.waiting, closeStalled);
  await removeFrom(ports, run, gone);
  return tasksFor(run.task, undelivered);
}

/** If a connection cannot be removed, the next fan-out finds it gone again. */
async function removeFrom(
  ports: PresencePorts,
  { delivery, task, departed }: Run,
  gone: readonly Recipient[],
): Promise<void> {
  try {
    departed.push(...(await removeGone(ports, task.shard, gone)));
  } catch (fault) {
    note(delivery.tally, fault);
  }
}
