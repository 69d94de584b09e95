import { announceAllDepartures } from "../presence/departures.ts";
import type { ServerFrame } from "../protocol/client-frames.ts";
import { faultsIn, recordFault, type Tally } from "./delivery.ts";
import { shardsProvenBy } from "./growth.ts";
import {
  type Pushed,
  pushToRecipients,
  pushToShard,
  type Run,
  retryUndelivered,
  type ShardPorts,
} from "./shard-delivery.ts";
import { closingStalled, type StalledPorts } from "./stalled-connections.ts";
import { type FanOutTask, handOverAll, tasksFor } from "./tasks.ts";

export type FanOutPorts = ShardPorts;

/** A frame for all members of a channel. */
interface Broadcast {
  readonly channel: string;
  readonly frame: ServerFrame;
  /** When Lambda ends the invocation, in epoch milliseconds. */
  readonly deadline: number;
  /** The shard of the member that sends the frame. */
  readonly senderShard?: number;
}

/**
 * Delivers a frame to all members of a channel. This invocation delivers to the first shard. The worker is invoked once for
 * each other shard. Pushes once to each member, and leaves retries to the worker, because the sender waits for this
 * invocation.
 */
export async function fanOut(
  ports: FanOutPorts,
  { channel, frame, deadline, senderShard = 0 }: Broadcast,
): Promise<Tally> {
  const proven = senderShard > 0 ? { proven: shardsProvenBy(senderShard) } : {};
  const task = { frame, shard: { channel, shard: 0 }, shards: 1, ...proven };
  const pushed = await pushToShard(ports, { task, deadline });
  await handOverUnreached(ports, pushed);
  countTime(ports, pushed.run);
  return finish(ports, pushed.run);
}

/** If Lambda rejects a task, retries here. Throws if that does not reach all recipients: the client then repeats the frame. */
async function handOverUnreached(ports: FanOutPorts, { run, unread }: Pushed): Promise<void> {
  const { task, undelivered, delivery } = run;
  try {
    await handOverAll(ports, { from: task, tasks: [...unread, ...tasksFor(task, undelivered)] });
    delivery.tally.handedOver += undelivered.length;
  } catch (fault) {
    recordFault(delivery.tally, fault);
    if (unread.length > 0 || (await retryUndelivered(ports, run)).length > 0) throw fault;
  }
}

/**
 * Runs a task of another invocation, with retries. Closes connections whose clients do not read, and hands over what could
 * not be delivered. Throws if that is the whole task: Lambda then retries it, and finally sends it to the failure
 * destination.
 */
export async function runFanOutTask(
  ports: FanOutPorts & StalledPorts,
  task: FanOutTask,
  { deadline }: Pick<Broadcast, "deadline">,
): Promise<Tally> {
  const { run, unread } = await (task.recipients
    ? pushToRecipients(ports, { task, recipients: task.recipients, deadline })
    : pushToShard(ports, { task, deadline }));
  const left = [...unread, ...(await retryUndelivered(ports, run, closingStalled(ports)))];
  countTime(ports, run);
  if (left.some((each) => isAllOf(task, each))) throw new Undelivered(run.delivery.tally);
  await handOverAll(ports, { from: task, tasks: left });
  return finish(ports, run);
}

const countTime = ({ count, now }: FanOutPorts, { startedAt }: Run): void => count("FanOutTime", now() - startedAt);

/** Announces departures last, and before the deadline: if Lambda ended the invocation during them, the frame would be delivered again. */
async function finish(ports: FanOutPorts, { delivery, departed, stopAt, task }: Run): Promise<Tally> {
  const { tally } = delivery;
  if (ports.now() >= stopAt || departed.length === 0) return tally;
  try {
    const { departureFault } = await announceAllDepartures(ports, departed, task);
    if (departureFault !== undefined) recordFault(tally, departureFault);
  } catch (fault) {
    recordFault(tally, fault);
  }
  return tally;
}

/** The task made no progress. */
export class Undelivered extends Error {
  constructor(tally: Tally) {
    super(`None of ${tally.failed} recipients could be reached: ${faultsIn(tally)}`);
    this.name = "Undelivered";
  }
}

/** Whether what is left is the whole task. */
const isAllOf = (task: FanOutTask, left: FanOutTask): boolean =>
  task.recipients
    ? left.recipients?.length === task.recipients.length
    : !left.recipients && left.after === task.after && left.shards === task.shards;
