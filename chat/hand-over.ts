import type { Recipient } from "./delivery.ts";
import type { FanOutTask } from "./fan-out.ts";
import type { HandOver } from "./ports.ts";
import { sideBySide } from "./side-by-side.ts";

/** Bounds what a function holds of an audience, and what it hands over: an asynchronous event has 256 KB at most. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const RECIPIENTS_MAX = 500;

/** So many at once that a channel of hundreds of shards is no burst of its own. */
const HAND_OVERS_AT_ONCE = 16;

export interface HandOverPorts {
  readonly handOver: HandOver;
}

/** Leaves tasks to other functions. Each is handed over, whatever becomes of the others; then throws where one was not taken. */
export async function handOverAll({ handOver }: HandOverPorts, tasks: readonly FanOutTask[]): Promise<void> {
  const faults: unknown[] = [];
  const handOverOne = (task: FanOutTask): Promise<void> => handOver(task).catch((fault) => void faults.push(fault));
  await sideBySide(tasks, handOverOne, () => HAND_OVERS_AT_ONCE);
  if (faults.length > 0) throw faults[0];
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
